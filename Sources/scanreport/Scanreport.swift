import ArgumentParser
import FoundationEssentials
import Glibc

/// The program: parses, calls, prints, and ends with the exit code of the contract.
@main
struct Scanreport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scanreport",
        abstract: "Finds and grades structures in TIFF scans with convolutional networks.",
        discussion: """
            Each night a directory of scans goes in; findings, with confidence and provenance, come out in an SQLite \
            database that is queried by patient. For research use only: not a medical device.

            Exit codes: 0 done and well; 1 finished, but look; 64 wrong usage; 65 a pipeline, model, manifest or \
            database that cannot be used; 66 an input that is not there; 70 a defect of the program; 73, 74 an output \
            cannot be created, or read and written; 75 another run holds the database.
            """,
        version: ProgramVersion.description,
        subcommands: [
            RunCommand.self, QueryCommand.self, SimilarCommand.self, ExportCommand.self, ReportCommand.self,
            ServeCommand.self,
            PatientsCommand.self,
            ScansCommand.self,
            RunsCommand.self, VerifyCommand.self, DiffCommand.self, ForgetCommand.self, BackupCommand.self,
            MergeCommand.self,
            InspectCommand.self, EvaluateCommand.self, TrainCommand.self, PipelineCommand.self, ModelCommand.self,
            WorkerCommand.self,
            LabelCommand.self, TilesCommand.self, AnalyseCommand.self,
        ])

    static func main() async {
        ClosedStreams.open()
        signal(SIGPIPE, SIG_IGN)
        // What the program writes is patient data: for its owner only.
        umask(0o077)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            StandardError.write("scanreport: \(failure.message)\n")
            Glibc.exit(failure.status.rawValue)
        } catch {
            exit(withError: error)
        }
    }
}
