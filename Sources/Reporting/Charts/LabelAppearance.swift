import Exports
import Findings

/// How outlines and tiles of a class are drawn: a colour that the colour-blind tell from the others, and a dash as well.
package struct LabelAppearance: Hashable {
    package let label: String
    package let colour: String
    /// Lengths of dashes and gaps, for a line of the width 1; empty for a whole line.
    package let dashes: [Double]

    private static let patterns: [[Double]] = [
        [], [4, 2], [1.2, 1.6], [7, 2, 1.2, 2], [2.5, 1.2], [9, 3], [4, 1, 1, 1], [1, 3],
    ]

    package init(of finding: Finding) {
        let place = finding.probabilities.firstIndex { $0.label == finding.label }
        self.init(
            finding.label, ClassColour(of: finding),
            pattern: place ?? finding.label.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF })
    }

    /// Of the network's class of that number.
    package init(_ label: String, index: Int) {
        self.init(label, ClassColour(index: index), pattern: index)
    }

    private init(_ label: String, _ colour: ClassColour, pattern: Int) {
        self.label = label
        self.colour = "#" + colour.channels.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        dashes = Self.patterns[pattern % Self.patterns.count]
    }

    /// For a line of that width.
    func dashArray(width: Double) -> String {
        dashes.isEmpty ? "none" : dashes.map { ($0 * width).fixed(1) }.joined(separator: " ")
    }

    /// For a legend, with its words after it.
    package var swatch: Markup {
        """
        <svg class="swatch" viewBox="0 0 44 18" aria-hidden="true"><rect x="2" y="2" width="40" height="14" fill="\(colour)" \
        fill-opacity="0.25" stroke="\(colour)" stroke-width="3" stroke-dasharray="\(dashArray(width: 3))" /></svg>
        """
    }
}
