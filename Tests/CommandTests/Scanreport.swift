import Foundation
import TestSupport

/// The program as a user runs it: a real process with its own arguments, environment and folder.
struct Scanreport {
    let output: String
    let errors: String
    let status: Int32

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
        outputFile = URL(filePath: folder[".output-\(UUID().uuidString)"])
        errorFile = URL(filePath: folder[".errors-\(UUID().uuidString)"])
        for file in [outputFile, errorFile] { try Data().write(to: file) }
        process.executableURL = Scanreport.executable
        process.arguments = arguments
        process.currentDirectoryURL = folder.url
        var variables = ProcessInfo.processInfo.environment
        variables["SCANREPORT_DATABASE"] = nil
        variables["SCANREPORT_PIPELINES"] = Repository.path("Pipelines")
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
