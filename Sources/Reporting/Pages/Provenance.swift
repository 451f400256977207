import FindingStore
import Findings
import Listings

/// Where results come from, down to model and engine.
package struct Provenance {
    let run: RunSummary?
    let pipeline: PipelineIdentity?
    let image: Scan.Image?

    package init(run: RunSummary?, pipeline: PipelineIdentity?, image: Scan.Image?) {
        self.run = run
        self.pipeline = pipeline
        self.image = image
    }

    package func markup(of row: AnalysisRow, _ names: ReportNames) -> Markup {
        var facts: [(String, String)] = [("Scan", names.path(row.scan))]
        if let sha256 = row.scanSHA256 { facts.append(("SHA-256 of the scan", names.scan(sha256))) }
        facts.append(("Patient known from", row.patientSource.rawValue))
        if let image {
            facts.append(
                (
                    "Picture",
                    "\(image.width.grouped) × \(image.height.grouped) px, \(image.levels.of("level")), \(image.format)"
                ))
        }
        if let spacing = row.origin.spacing {
            let value = spacing.micrometresPerPixel.map { "\($0.brief) µm/px, " } ?? ""
            facts.append(("Spacing", value + Words.spacing(spacing.source)))
        }
        facts.append(("Analysed", "\(names.minute(row.origin.analysedAt)), run \(row.origin.runID)"))
        if let run { facts.append(("Program", "scanreport \(run.run.programVersion)")) }
        facts.append(("Pipeline", "\(row.origin.pipeline) \(row.origin.pipelineSHA256.hexadecimal)"))
        for model in row.origin.models {
            facts.append(("Model (\(model.role.rawValue))", "\(model.name) \(model.sha256.hexadecimal)"))
        }
        if let engine = pipeline?.engine {
            facts.append(("Engine", "\(engine.version), \(engine.precision), \(engine.instructionSet)"))
        }
        return "<dl class=\"facts\">\(facts.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" as Markup })</dl>"
    }
}
