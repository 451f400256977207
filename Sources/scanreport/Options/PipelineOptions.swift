import Analysis
import ArgumentParser
import FoundationEssentials

/// `--pipeline` of every command that uses one.
struct PipelineOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The pipeline: a folder with a pipeline.yaml, or its name.",
            discussion: PipelineOptions.lookUp, valueName: "name|folder"))
    var pipeline = PipelineOptions.usual

    static let usual = "colorectal-biopsy"
    static let lookUp = """
        A name is looked up in $SCANREPORT_PIPELINES, in Pipelines/ of the working directory, then in \
        ../share/scanreport/pipelines beside the program.
        """

    /// - Throws: `missing` for a pipeline that is not there.
    func folder() throws(CommandFailure) -> String { try Self.folder(for: pipeline) }

    /// Likewise, of a pipeline that is named otherwise than by `--pipeline`.
    static func folder(for pipeline: String) throws(CommandFailure) -> String {
        do {
            return try PipelineLocator.folder(
                for: pipeline, environment: ProcessInfo.processInfo.environment,
                workingDirectory: FileManager.default.currentDirectoryPath, executable: Executable.path)
        } catch {
            throw CommandFailure(error)
        }
    }
}

extension CommandFailure {
    init(_ error: PipelineError) {
        self.init(error.kind == .missing ? .missing : .unusable, "pipeline: \(error)")
    }
}
