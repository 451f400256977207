import Analysis
import FindingStore

/// Which program this is.
enum ProgramVersion {
    /// As `CHANGELOG.md` has it. Runs record it, and models that are written here.
    static let current = "0.2.0"

    /// What `--version` prints: beside the version, all that decides what a scan's findings look like and which databases
    /// can be read.
    static var description: String {
        let engine = ProgramEngine.engine
        return """
            scanreport \(current)
            engine: \(engine.version), \(engine.instructionSet)
            analysis: revision \(AnalysisRevision.current)
            database: schema \(FindingStore.schemaVersion)
            """
    }
}
