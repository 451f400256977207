/// A measure of all scans along a line: those of the weeks before above it, tonight's below, outliers as diamonds.
struct DotChart {
    let title: String
    let past: [Double]
    let current: [Double]
    let spread: Spread?

    private static let width = 460.0
    /// So many dots show what thousands would.
    private static let mostDots = 600

    private var outliers: [Double] { current.filter { spread?.isOutlying($0) == true } }

    var markup: Markup {
        let axis = Axis(past + current, from: 12, to: Self.width - 12)
        let words =
            "\(title): \(current.count.of("scan")), median \((current.median ?? 0).brief)"
            + (spread.map { "; of all weeks \($0.median.brief)" } ?? "")
        let outlying =
            spread == nil
            ? "too few scans to tell outliers"
            : outliers.isEmpty ? "no outlier" : outliers.count.of("outlier")
        let ticks = axis.ticks.map { tick -> Markup in
            "<text class=\"tick\" x=\"\(axis.place(tick))\" y=\"76\" text-anchor=\"middle\">\(tick.brief)</text>"
        }
        return """
            <figure><svg viewBox="0 0 460 80" role="img" aria-label="\(words); \(outlying)">
            <line class="axis" x1="0" y1="62" x2="460" y2="62" />
            \(dots(Self.thinned(past), axis, top: 6, bottom: 28))
            \(currentDots(axis))\(ticks)
            </svg><figcaption><strong>\(title)</strong>: median \((current.median ?? 0).brief), \(outlying)</figcaption></figure>

            """
    }

    private func dots(_ values: [Double], _ axis: Axis, top: Double, bottom: Double) -> [Markup] {
        values.enumerated().map { index, value in
            "<circle class=\"past\" cx=\"\(axis.place(value))\" cy=\"\(Self.height(index, top, bottom))\" r=\"2.2\" />"
        }
    }

    private func currentDots(_ axis: Axis) -> [Markup] {
        let usual = current.filter { spread?.isOutlying($0) != true }
        let circles = Self.thinned(usual).enumerated().map { index, value -> Markup in
            "<circle class=\"dot\" cx=\"\(axis.place(value))\" cy=\"\(Self.height(index, 34, 56))\" r=\"2.8\" />"
        }
        let diamonds = outliers.prefix(Self.mostDots).map { value -> Markup in
            let (x, y) = (axis.place(value), 45.0)
            return """
                <path class="outside" d="M\(x) \(y - 7)L\(x + 6) \(y)L\(x) \(y + 7)L\(x - 6) \(y)Z"><title>\(value.brief)</title></path>
                """
        }
        return circles + diamonds
    }

    /// Dots of one value do not hide each other.
    private static func height(_ index: Int, _ top: Double, _ bottom: Double) -> Double {
        top + Double(index * 7 % 11) / 10 * (bottom - top)
    }

    private static func thinned(_ values: [Double]) -> [Double] {
        let step = max(1, values.count / mostDots)
        return stride(from: 0, to: values.count, by: step).map { values[$0] }
    }
}
