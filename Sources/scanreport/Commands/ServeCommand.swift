import ArgumentParser
import FindingStore
import Viewer

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Show slides with what was found on them in a browser, and take reviews.",
        discussion: """
            Prints the address to open, with a token in it, on a line of its own, and answers until it is stopped \
            (Ctrl-C). The browser keeps a cookie instead of the token; a new start makes a new one.

            Patients, runs, failures, findings by label and confidence; a slide by deep zoom from the scan's file, with \
            outlines and heat maps over it; two analyses side by side; and reviews of findings, which are kept in a file \
            beside the database. The database itself is only read, also while a run writes it. Where the scan's file is \
            gone or has changed, the small picture in the database is shown.

            Other machines reach it only with --listen: whoever has the token then sees patients, and HTTP is not \
            encrypted. A tunnel (`ssh -L 8080:localhost:8080 HOST`) needs no --listen.
            """)

    @Option(name: .long, help: ArgumentHelp("Where to listen; 0 for any port that is free.", valueName: "n"))
    var port = 8080

    @Option(
        name: .long,
        help: ArgumentHelp("The address to listen on; others than this machine reach 0.0.0.0.", valueName: "address"))
    var listen = "127.0.0.1"

    @Flag(name: .long, help: "End with 73 where the kernel does not confine the processes that read scans.")
    var requireConfinement = false

    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port must be from 0 to 65535.") }
    }

    func run() async throws {
        do {
            let path = try FindingStore.openForReading(at: database.path).path
            let server = try ViewerServer(
                database: path, address: listen, port: port, requiresConfinement: requireConfinement
            ) { StandardError.write("warning: \($0)\n") }
            try await server.run { address in StandardOutput.tell(address + "\n") }
        } catch {
            throw CommandFailure(any: error)
        }
    }
}
