import FindingStore
import Findings
import Listings

/// Grades, quality and confidence, beside those of the weeks before.
extension NightPage {
    var grades: Markup {
        let current = scans.filter { $0.label != nil }
        guard !current.isEmpty else { return .empty }
        let counts = Dictionary(grouping: current) { $0.label ?? "" }.mapValues(\.count)
        let past = history.nights.filter { $0.run != run?.id }
        let pastTotal = past.reduce(0) { $0 + $1.labelled }
        let rows = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { label, count -> [Markup] in
            let before = past.reduce(0) { $0 + ($1.labels[label] ?? 0) }
            let usual: Markup =
                run != nil && pastTotal > 0
                ? ShareBar.markup(Double(before) / Double(pastTotal), colour: "#767676") : "not known yet"
            return ["\(label)", "\(count.grouped)", ShareBar.markup(Double(count) / Double(current.count)), usual]
        }
        return "<h2 id=\"grades\">Grades</h2>\n"
            + Table(
                caption: "Scans by their grade, beside the share of the last \(History.weeks) weeks",
                columns: [
                    Table.Column(title: "Grade"), Table.Column(title: "Scans", isNumber: true),
                    Table.Column(title: "Share here"), Table.Column(title: "Share before"),
                ], rows: rows
            ).markup
    }

    var quality: Markup {
        let charts = history.measures.filter { MeasureName.isComparable($0) }.compactMap { measure -> Markup? in
            let current = scans.compactMap { $0.quality[measure] }
            guard !current.isEmpty else { return nil }
            let past = history.nights.filter { $0.run != run?.id }.flatMap { $0.measures[measure] ?? [] }
            return DotChart(
                title: MeasureName.words(measure), past: run == nil ? [] : past, current: current,
                spread: spreads[measure]
            ).markup
        }
        guard !charts.isEmpty else { return .empty }
        return """
            <h2 id="quality">Quality of the scans</h2>
            <p class="faint">A blue dot is a scan of this report, a grey one above it a scan of the weeks before, an orange diamond \
            an outlier.</p>
            <div class="charts">
            \(charts)</div>

            """
    }

    var trends: [(title: String, trend: Trend, isShare: Bool)] {
        guard run != nil else { return [] }
        var trends: [(title: String, trend: Trend, isShare: Bool)] = [
            (
                "Confidence of the scans' grades, median",
                history.trend(leastDeviation: { _ in 0.02 }) { $0.confidences.median }, true
            )
        ]
        for label in history.labels {
            let shares = history.trend(leastDeviation: { _ in 0.05 }) {
                $0.labelled > 0 ? Double($0.labels[label] ?? 0) / Double($0.labelled) : nil
            }
            trends.append(("Share of scans graded \(label)", shares, true))
        }
        for measure in history.measures where MeasureName.isComparable(measure) {
            let medians = history.trend(leastDeviation: MeasureName.leastDeviation(of: measure)) {
                $0.measures[measure]?.median
            }
            trends.append(("\(MeasureName.words(measure)), median", medians, false))
        }
        return trends.filter { $0.trend.points.last?.run == run?.id }
    }

    var drift: Markup {
        let trends = trends
        guard !trends.isEmpty else { return .empty }
        guard trends.contains(where: { $0.trend.band != nil }) else {
            return """
                <h2 id="drift">Against the weeks before</h2>
                <p class="faint">Too few nights so far: a drift shows from the \(Spread.leastCount + 1)th night on.</p>

                """
        }
        let charts = trends.map {
            TrendChart(title: $0.title, trend: $0.trend, isShare: $0.isShare, day: { names.day($0.at) }).markup
        }
        return """
            <h2 id="drift">Against the weeks before</h2>
            <p class="faint">A point is a night. The band is where nights are expected: three standard deviations about the median of \
            those before. A last point outside of it, an orange diamond, is a drift of stain, focus, scanner or model.</p>
            <div class="charts">
            \(charts)</div>

            """
    }
}
