using CtoHarness.Documents.Bundles;

namespace CtoHarness.Tests.Linux.Bundles;

/// <summary>A change that the holder of the key makes before he seals again.</summary>
/// <param name="Check">The check that must catch it.</param>
/// <param name="Change">The change.</param>
/// <param name="Of">Whose bundle; null for the pass of the fake engine.</param>
/// <param name="Follows">Whether verdict, reports and summary are drawn up anew from what the files say then.</param>
internal sealed record Lie(string Check, Action<Forger> Change, Func<Made, MadeBundle>? Of = null, bool Follows = true)
{
    /// <summary>Fails unless exactly that check refuses it, and says what it expected and found.</summary>
    public BundleReview AssertRefused(Made made)
    {
        var forger = new Forger((Of ?? (one => one.Passing))(made));
        Change(forger);
        var review = (Follows ? forger.Followed() : forger).Sealed().Review();
        Assert.False(review.IsAccepted, "this was accepted");
        Assert.True(Check == review.Refusal!.Check, $"refused by {review.Refusal.Check}: expected {review.Refusal.Expected}; found {review.Refusal.Found}");
        Assert.NotEmpty(review.Refusal.Expected);
        Assert.NotEmpty(review.Refusal.Found);
        Assert.Contains(review.Checks, check => check.Name == Check && check.State == CheckState.Refused);
        return review;
    }
}
