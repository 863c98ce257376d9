using System.Collections.Immutable;

namespace CtoHarness.Documents.Yaml;

/// <summary>A piece of a YAML document, with where it stands. Anchors, aliases, tags and repeated names do not exist here.</summary>
public abstract record YamlNode
{
    private YamlNode(int line, int column)
    {
        Line = line;
        Column = column;
    }

    /// <summary>Line, from 1.</summary>
    public int Line { get; }

    /// <summary>Column, from 1.</summary>
    public int Column { get; }

    /// <summary>A text, number or word.</summary>
    public sealed record Scalar : YamlNode
    {
        internal Scalar(string text, bool plain, int line, int column)
            : base(line, column)
        {
            Text = text;
            IsPlain = plain;
        }

        /// <summary>The characters.</summary>
        public string Text { get; }

        /// <summary>Whether it stands without quotes, so that YAML may read it as a number, a truth value or nothing.</summary>
        public bool IsPlain { get; }
    }

    /// <summary>A list.</summary>
    public sealed record Sequence : YamlNode
    {
        internal Sequence(ImmutableArray<YamlNode> items, int line, int column)
            : base(line, column) => Items = items;

        /// <summary>Its items, in order.</summary>
        public ImmutableArray<YamlNode> Items { get; }
    }

    /// <summary>Named values.</summary>
    public sealed record Mapping : YamlNode
    {
        internal Mapping(ImmutableArray<(Scalar Key, YamlNode Value)> fields, int line, int column)
            : base(line, column) => Fields = fields;

        /// <summary>Names and values, in order.</summary>
        public ImmutableArray<(Scalar Key, YamlNode Value)> Fields { get; }
    }
}
