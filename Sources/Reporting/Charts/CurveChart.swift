/// Numbers that change step by step, as lines over the same steps.
package struct CurveChart {
    package struct Line {
        let name: String
        let points: [(step: Int, value: Double)]

        package init(name: String, points: [(step: Int, value: Double)]) {
            self.name = name
            self.points = points
        }
    }

    let title: String
    let lines: [Line]

    /// - Parameter lines: two at most; the second is drawn in dashes.
    package init(title: String, lines: [Line]) {
        self.title = title
        self.lines = lines.filter { !$0.points.isEmpty }
    }

    package var markup: Markup {
        let all = lines.flatMap(\.points)
        guard let first = all.map(\.step).min(), let last = all.map(\.step).max() else { return .empty }
        let heights = Axis(all.map(\.value), from: 118, to: 10)
        let steps = Axis([Double(first), Double(last)], from: 64, to: 444)
        let paths = lines.enumerated().map { number, line -> Markup in
            let path = line.points.enumerated().map { index, point -> Markup in
                "\(index == 0 ? "M" : "L")\(steps.place(Double(point.step))) \(heights.place(point.value))"
            }
            return "<path class=\"\(number == 0 ? "run" : "run other")\" d=\"\(path)\" />"
        }
        let ticks = heights.ticks.map { tick -> Markup in
            "<text class=\"tick\" x=\"50\" y=\"\(heights.place(tick) + 4)\" text-anchor=\"end\">\(tick.brief)</text>"
        }
        let words = lines.enumerated().map { number, line -> Markup in
            "\(line.name)\(number == 0 ? "" : " (dashed)"): \((line.points.last?.value ?? 0).brief)"
        }
        return """
            <figure><svg viewBox="0 0 460 146" role="img" aria-label="\(title). In the end \(words.joined(by: ", "))">
            <line class="axis" x1="56" y1="124" x2="452" y2="124" />
            \(paths)\(ticks)
            <text class="tick" x="64" y="140">step \(first)</text><text class="tick" x="444" y="140" text-anchor="end">\(last)</text>
            </svg><figcaption><strong>\(title)</strong>: \(words.joined(by: ", "))</figcaption></figure>

            """
    }
}
