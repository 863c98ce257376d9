using System.Collections.Immutable;

namespace CtoHarness.Core.Contracts;

/// <summary>What the registry says of a model.</summary>
public enum ModelAdmission
{
    /// <summary>The engine calls no model.</summary>
    NotApplicable,

    /// <summary>It may be called.</summary>
    Admitted,

    /// <summary>It may not be called.</summary>
    Refused,

    /// <summary>The registry does not name it, so it may not be called.</summary>
    Unknown,
}

/// <summary>A model of a provider.</summary>
/// <param name="Provider">The provider's name in the registry.</param>
/// <param name="Name">The model's name at that provider.</param>
public sealed record ModelName(string Provider, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Provider}/{Name}";
}

/// <summary>The providers and models of <c>models.yaml</c>.</summary>
/// <param name="Models">Each model with what is said of it.</param>
public sealed record ModelRegistry(ImmutableArray<(ModelName Model, ModelAdmission Admission)> Models)
{
    /// <summary>The providers.</summary>
    public ImmutableArray<Provider> Providers { get; init; } = [];

    /// <summary>Finds a provider.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The provider, or null where the registry does not name it.</returns>
    public Provider? Find(string name) => Providers.FirstOrDefault(one => one.Name == name);

    /// <summary>What holds for a model.</summary>
    /// <param name="model">The model, or null where the engine calls none.</param>
    /// <returns>Its admission; unknown where the registry does not name it.</returns>
    public ModelAdmission AdmissionOf(ModelName? model)
    {
        if (model is null)
        {
            return ModelAdmission.NotApplicable;
        }

        foreach (var (known, admission) in Models)
        {
            if (known == model)
            {
                return admission;
            }
        }

        return ModelAdmission.Unknown;
    }
}
