/// A number a night as a line, in the band that the nights before make.
struct TrendChart {
    let title: String
    let trend: Trend
    /// Whether the numbers are shares from 0 to 1.
    var isShare = false
    /// What days are shown as.
    let day: (Trend.Point) -> String

    var markup: Markup {
        guard let last = trend.points.last else { return .empty }
        let band = trend.band
        let axis = Axis(
            trend.points.map(\.value) + (band.map { [$0.lowerBound, $0.upperBound] } ?? []), from: 118, to: 10,
            isShare: isShare)
        let step = trend.points.count > 1 ? 380 / Double(trend.points.count - 1) : 0
        func x(_ index: Int) -> Double { trend.points.count > 1 ? 64 + Double(index) * step : 254 }
        let line = trend.points.enumerated().map { index, point -> Markup in
            "\(index == 0 ? "M" : "L")\(x(index)) \(axis.place(point.value))"
        }
        let bandBox: Markup =
            band.map { band in
                let shown = band.clamped(to: axis.values)
                let (top, bottom) = (axis.place(shown.upperBound), axis.place(shown.lowerBound))
                return "<rect class=\"band\" x=\"56\" y=\"\(top)\" width=\"396\" height=\"\(max(1, bottom - top))\" />"
            } ?? .empty
        let dots = trend.points.enumerated().map { index, point -> Markup in
            dot(
                x(index), axis.place(point.value), "\(day(point)), run \(point.run): \(words(point.value))",
                isLast: index == trend.points.count - 1)
        }
        let ticks = axis.ticks.map { tick -> Markup in
            "<text class=\"tick\" x=\"50\" y=\"\(axis.place(tick) + 4)\" text-anchor=\"end\">\(words(tick))</text>"
        }
        let ends: Markup =
            trend.points.count > 1
            ? """
            <text class="tick" x="64" y="140">\(day(trend.points[0]))</text><text class="tick" x="444" y="140" text-anchor="end">\(day(last))</text>
            """
            : "<text class=\"tick\" x=\"254\" y=\"140\" text-anchor=\"middle\">\(day(last))</text>"
        return """
            <figure><svg viewBox="0 0 460 146" role="img" aria-label="\(title) night by night. \(verdict)">
            \(bandBox)<line class="axis" x1="56" y1="124" x2="452" y2="124" />
            <path class="run" d="\(line)" />\(dots)\(ticks)\(ends)
            </svg><figcaption><strong>\(title)</strong>: \(verdict)</figcaption></figure>

            """
    }

    private func dot(_ x: Double, _ y: Double, _ title: String, isLast: Bool) -> Markup {
        if isLast, trend.verdict == .above || trend.verdict == .below {
            return """
                <path class="outside" d="M\(x) \(y - 7)L\(x + 6) \(y)L\(x) \(y + 7)L\(x - 6) \(y)Z"><title>\(title)</title></path>
                """
        }
        return
            "<circle class=\"dot\" cx=\"\(x)\" cy=\"\(y)\" r=\"\(isLast ? 5.0 : 2.8)\"><title>\(title)</title></circle>"
    }

    private func words(_ value: Double) -> String { isShare ? "\((value * 100).fixed(0)) %" : value.brief }

    /// In a sentence.
    var verdict: String {
        guard let last = trend.points.last else { return "nothing to show" }
        guard let band = trend.band, let verdict = trend.verdict else {
            return "\(words(last.value)); a band needs \(Spread.leastCount) nights before it"
        }
        // No share is below 0 or above 1.
        let shown = isShare ? band.clamped(to: 0...1) : band
        let range = "\(words(shown.lowerBound)) to \(words(shown.upperBound))"
        return switch verdict {
        case .within: "\(words(last.value)), within the band of \(range)"
        case .above: "\(words(last.value)) lies ABOVE the band of \(range): look"
        case .below: "\(words(last.value)) lies BELOW the band of \(range): look"
        }
    }
}
