import Analysis
import Evaluation
import Findings

/// How a pipeline does on the scans that were not learned from, by the same code as `evaluate`.
public enum Trial {
    /// - Throws: ``LearningError`` of kind `labels` where a scan is not what it was when its label was read.
    static func report(
        on scans: [LabelledScan], by analyser: ScanAnalyser
    ) throws(LearningError) -> EvaluationReport {
        var evaluator = Evaluator()
        for scan in scans {
            let answer = try answer(to: scan, analyser)
            do throws(EvaluationError) {
                try evaluator.add(scan.truth, answer: answer, mask: scan.foreground?.pixelsAlone)
            } catch { throw LearningError(.labels, error.message) }
        }
        return evaluator.report()
    }

    /// The same of objects.
    static func objectReport(
        on scans: [LabelledScan], by analyser: ScanAnalyser, _ task: LearningTask
    ) throws(LearningError) -> ObjectReport {
        var evaluator = ObjectEvaluator()
        for scan in scans {
            guard let objects = scan.objects, let row = scan.truth.objects else { continue }
            var answer = try answer(to: scan, analyser)
            // What another stage finds is not what was learned.
            if case .analysed(let findings, let size) = answer {
                answer = .analysed(findings.filter { task.classes.contains($0.label) }, size: size)
            }
            do throws(EvaluationError) { try evaluator.add(row, truth: objects.truth, answer: answer) } catch {
                throw LearningError(.labels, error.message)
            }
        }
        return evaluator.report()
    }

    private static func answer(
        to scan: LabelledScan, _ analyser: ScanAnalyser
    ) throws(LearningError) -> Evaluator.Answer {
        switch try outcome(of: scan, analyser) {
        case .failed(let failure): .notAnalysed(reason: "\(failure)")
        case .done(let result):
            .analysed(result.findings, size: (scan.picture.fullWidth, scan.picture.fullHeight))
        }
    }

    private static func outcome(
        of scan: LabelledScan, _ analyser: ScanAnalyser
    ) throws(LearningError) -> AnalysisOutcome {
        let place = "the scan in line \(scan.truth.line) of the manifest"
        do throws(AnalysisFailure) {
            let opened = try OpenedScan(path: scan.path)
            if try opened.hash() == scan.hash { return analyser.analyse(opened, spacing: nil).outcome }
        } catch { throw LearningError(.labels, "\(place) cannot be read any more: \(error.message)") }
        throw LearningError(.labels, "\(place) changed since its label was read")
    }
}
