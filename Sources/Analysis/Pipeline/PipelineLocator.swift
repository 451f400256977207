import FoundationEssentials

/// Finds a pipeline's folder by the name that a user gives.
public enum PipelineLocator {
    /// `pipeline` itself where it is a path (it has a slash, or is a folder with a `pipeline.yaml`);
    /// else the first folder of that name under `$SCANREPORT_PIPELINES`, `Pipelines/` of the working
    /// directory and `../share/scanreport/pipelines` beside the executable.
    public static func folder(
        for pipeline: String, environment: [String: String], workingDirectory: String, executable: String
    ) throws(PipelineError) -> String {
        if holdsPipeline(pipeline) { return pipeline }
        let executableFolder = String(executable[..<(executable.lastIndex(of: "/") ?? executable.startIndex)])
        let roots =
            [environment["SCANREPORT_PIPELINES"], workingDirectory + "/Pipelines"].compactMap { $0 }
            + [executableFolder + "/../share/scanreport/pipelines"]
        if !pipeline.contains("/") {
            for root in roots where holdsPipeline(root + "/" + pipeline) { return root + "/" + pipeline }
        }
        let places = pipeline.contains("/") ? "there" : "in \(roots.joined(separator: ", "))"
        throw PipelineError(.missing, "no pipeline `\(pipeline)`: no `pipeline.yaml` \(places)")
    }

    private static func holdsPipeline(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: folder + "/pipeline.yaml")
    }
}
