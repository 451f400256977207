import ArgumentParser
import FindingStore
import Findings

struct PatientsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "patients", abstract: "List the patients, with how the analyses of their scans ended.")

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var format: FormatOptions

    func run() throws {
        try Listing.write(try database.read { try $0.patients() }, format: format.format)
    }
}

struct ScansCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scans", abstract: "List the scans, whose they are, and what the reader made of them.")

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var format: FormatOptions

    func run() throws {
        try Listing.write(try database.read { try $0.scans() }, format: format.format)
    }
}

struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "List the runs of the batch: when, of which pipeline, and how they ended.")

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var format: FormatOptions

    func run() throws {
        try Listing.write(try database.read { try $0.runs() }, format: format.format)
    }
}

extension DatabaseOptions {
    /// What `body` reads of the database; never creates one.
    func read<Value>(_ body: (FindingStore) throws -> Value) throws(CommandFailure) -> Value {
        do {
            return try body(FindingStore.openForReading(at: path))
        } catch {
            throw CommandFailure(any: error)
        }
    }
}
