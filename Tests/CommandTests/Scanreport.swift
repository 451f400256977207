import Foundation

/// The program as a user runs it: a real process with its own arguments, environment and folder.
struct Scanreport {
    let output: String
    let errors: String
    let status: Int32

    /// The repository, for its pipelines and fixtures.
    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The executable that was built with these tests, beside them.
    static let executable: URL = {
        let tests = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        return tests.appending(path: "scanreport")
    }()

    /// Runs it to its end.
    ///
    /// - Parameter folder: the working directory.
    init(_ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:]) throws {
        self = try StartedScanreport(arguments, in: folder, environment: environment).end()
    }

    fileprivate init(output: String, errors: String, status: Int32) {
        self.output = output
        self.errors = errors
        self.status = status
    }
}

/// The program as it runs.
struct StartedScanreport {
    private let process = Process()
    // Files, not pipes: a pipe that nobody empties stops the program.
    private let outputFile: URL
    private let errorFile: URL

    init(_ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:]) throws {
        outputFile = folder.url.appending(path: ".output-\(UUID().uuidString)")
        errorFile = folder.url.appending(path: ".errors-\(UUID().uuidString)")
        for file in [outputFile, errorFile] { try Data().write(to: file) }
        process.executableURL = Scanreport.executable
        process.arguments = arguments
        process.currentDirectoryURL = folder.url
        var variables = ProcessInfo.processInfo.environment
        variables["SCANREPORT_DATABASE"] = nil
        variables["SCANREPORT_PIPELINES"] = Scanreport.repository.appending(path: "Pipelines").path
        process.environment = variables.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        process.standardError = try FileHandle(forWritingTo: errorFile)
        try process.run()
    }

    var isRunning: Bool { process.isRunning }

    /// What it has written to standard error so far.
    var errors: String { (try? String(contentsOf: errorFile, encoding: .utf8)) ?? "" }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits for its end.
    func end() throws -> Scanreport {
        process.waitUntilExit()
        defer { for file in [outputFile, errorFile] { try? FileManager.default.removeItem(at: file) } }
        return Scanreport(
            output: String(decoding: try Data(contentsOf: outputFile), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errorFile), as: UTF8.self),
            status: process.terminationStatus)
    }
}

/// A folder that goes with the test.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "scanreport-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Names of what is in it, hidden files left out.
    var contents: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }

    func path(_ name: String) -> String { url.appending(path: name).path }

    func write(_ text: String, to name: String) throws {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// Copies a file or folder from the repository.
    func copy(_ path: String, to name: String) throws {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: Scanreport.repository.appending(path: path), to: file)
    }
}
