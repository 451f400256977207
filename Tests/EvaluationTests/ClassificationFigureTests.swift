import Evaluation
import Listings
import Testing

/// The figures expected were computed by the definitions, pair by pair and bin by bin, in plain Python.
@Suite struct ClassificationFigureTests {
    private let report: EvaluationReport

    init() throws {
        var evaluator = Evaluator()
        for (patient, label, probabilities) in [
            ("A", "Normal", [0.7, 0.2, 0.1]), ("A", "Polyp", [0.5, 0.4, 0.1]), ("A", "Polyp", [0.1, 0.8, 0.1]),
            ("B", "Cancer", [0.05, 0.05, 0.9]), ("B", "Cancer", [0.2, 0.5, 0.3]), ("C", "Normal", [0.4, 0.35, 0.25]),
            ("C", "Polyp", [0.25, 0.5, 0.25]), ("D", "Cancer", [0.1, 0.1, 0.8]), ("D", "Normal", [0.5, 0.25, 0.25]),
            ("E", "Polyp", [0.3, 0.3, 0.4]),
        ] {
            try evaluator.add(
                Truths.truth(patient, label), answer: Truths.answer([Truths.grade(probabilities)]), mask: nil)
        }
        try evaluator.add(Truths.truth("E", "Cancer"), answer: Truths.answer([]), mask: nil)
        try evaluator.add(
            Truths.truth("F", "Cancer", line: 13), answer: .notAnalysed(reason: "read: malformed"), mask: nil)
        report = evaluator.report()
    }

    private func isNear(_ value: Double?, _ expected: Double) -> Bool {
        value.map { ($0 - expected).magnitude < 1e-12 } ?? false
    }

    @Test func ofSeveralStagesTheOneThatKnowsTheClassAnswers() throws {
        var evaluator = Evaluator()
        for (label, probabilities) in [("k", [0.8, 0.2]), ("n", [0.3, 0.7]), ("n", [0.6, 0.4])] {
            let grades = [Truths.grade([0.7, 0.2, 0.1]), Truths.grade(probabilities, of: ["k", "n"])]
            try evaluator.add(Truths.truth("P", label), answer: Truths.answer(grades), mask: nil)
        }
        #expect(isNear(evaluator.report().overall.accuracy.value, 2 / 3))
        #expect(evaluator.report().strangeClasses.isEmpty)
    }

    @Test func overallFigures() {
        #expect(isNear(report.overall.accuracy.value, 7 / 11))
        #expect(isNear(report.overall.balancedAccuracy.value, 2 / 3))
        #expect(isNear(report.overall.areaUnderCurve.value, 0.9117063492063493))
        #expect(isNear(report.overall.calibrationError.value, 0.1))
        #expect(report.overall.accuracy.support == 11)
        #expect(report.overall.calibrationError.support == 10)
        #expect(report.overall.dice.value == nil && report.overall.objectF1.value == nil)
    }

    @Test(arguments: [
        ("Normal", 1, 0.75, 0.9285714285714286), ("Polyp", 0.5, 2.0 / 3, 0.8541666666666666),
        ("Cancer", 0.5, 2.0 / 3, 0.9523809523809524),
    ])
    func figuresOfAClass(label: String, recall: Double, precision: Double, areaUnderCurve: Double) throws {
        let figures = try #require(report.classes.first { $0.label == label })
        #expect(isNear(figures.recall.value, recall))
        #expect(isNear(figures.precision.value, precision))
        #expect(isNear(figures.areaUnderCurve.value, areaUnderCurve))
    }

    /// Written in another case, a class is another one, and every figure is wrong.
    @Test func classesThatNoFindingSpeaksOfAreNamed() throws {
        #expect(report.strangeClasses.isEmpty)
        var evaluator = Evaluator()
        for label in ["Polyp", "polyp", "Tumour"] {
            try evaluator.add(
                Truths.truth("A", label), answer: Truths.answer([Truths.grade([0.1, 0.8, 0.1])]), mask: nil)
        }
        let other = evaluator.report()
        #expect(other.strangeClasses == ["polyp", "Tumour"])
        #expect(other.text.contains("No finding speaks of these classes of the manifest: polyp, Tumour."))
    }

    @Test func theConfusionMatrixCountsEveryScan() {
        #expect(report.confusion.classes == Truths.classes)
        #expect(report.confusion.counts == [[3, 0, 0], [1, 2, 1], [0, 1, 2]])
        #expect(report.confusion.unlabelled == [0, 0, 1])
    }

    /// SplitMix64 and the quantiles were written a second time in Python.
    @Test func theIntervalIsReproducible() {
        #expect(report.overall.accuracy.interval == 0.3...0.9090909090909091)
    }

    @Test func whatWasNotAnalysedIsNamed() {
        #expect(report.patients == 5 && report.scans == 11 && report.unlabelled == 1)
        #expect(report.unanalysed.map(\.truth.line) == [13])
        #expect(report.text.contains("read: malformed"))
        #expect(report.json.compact.contains(#""unanalysed":[{"line":13,"patient":"F","#))
    }

    @Test func theReportReadsWell() {
        #expect(report.text.contains("accuracy                     0.636  0.300 to 0.909     11\n"))
        #expect(report.text.contains("Dice (mean per image)          n/a  n/a                 0\n"))
    }

    @Test func theJSONHasEveryFigure() throws {
        let json = report.json.compact
        #expect(json.contains(#""object_f1":{"value":null,"low":null,"high":null,"scans":0}"#))
        #expect(
            json.contains(#""accuracy":{"value":0.6363636363636364,"low":0.3,"high":0.9090909090909091,"scans":11}"#))
        #expect(try JSONValue(parsing: json) == report.json)
    }
}
