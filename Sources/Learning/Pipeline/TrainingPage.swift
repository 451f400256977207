import Findings
import Reporting

/// How a training went, to look at in any browser: curves, figures, and what the new network makes of scans that it did not
/// learn from. One file without scripts, which needs nothing beside it.
public struct TrainingPage {
    public static let name = "training.html"

    private let stage: String
    private let outcome: Learner.Outcome
    private let comparison: TrialComparison
    private let verdict: String
    private let samples: [TrainingSample]

    public init(
        stage: String, outcome: Learner.Outcome, comparison: TrialComparison,
        samples: [TrainingSample]
    ) {
        self.stage = stage
        self.outcome = outcome
        self.comparison = comparison
        verdict = comparison.verdict
        self.samples = samples
    }

    public var html: String {
        Page(title: "Training of \(stage)", navigation: .empty, body: body, styleSheet: nil).markup.html
    }

    private var body: Markup {
        let curves = CurveChart(
            title: "Loss",
            lines: [
                .init(name: "learning", points: outcome.history.learned.map { ($0.step, $0.loss) }),
                .init(name: "on val", points: outcome.history.tried.map { ($0.step, $0.loss) }),
            ])
        let scores = CurveChart(
            title: "F1 on val",
            lines: [
                .init(
                    name: "on val",
                    points: outcome.history.tried.compactMap { point in point.f1.map { (point.step, $0) } })
            ])
        let isDetection = outcome.history.tried.contains { $0.f1 != nil }
        let pictures = samples.enumerated().map { index, sample in sample.markup(id: "tile-\(index + 1)") }
        return """
            <h1>Training of \(stage)</h1>
            <p>\(outcome.steps) steps. \(verdict).</p>
            <h2>Losses</h2>
            <div class="charts">\(curves.markup)\(isDetection ? scores.markup : .empty)</div>
            <h2>Figures</h2>
            \(figures)
            <h2>Tiles of val</h2>
            <p>As the new network sees them, none of which it learned from; lines of the manifest.</p>
            <div class="charts">
            \(pictures)</div>
            """
    }

    private var figures: Markup {
        Table(
            caption: "On \(comparison.scans) scans of \(comparison.patients) patients, with 95 % intervals",
            columns: [.init(title: "figure"), .init(title: "before"), .init(title: "after")],
            rows: comparison.texts.map { ["\($0.name)", "\($0.before)", "\($0.after)"] }
        ).markup
    }
}
