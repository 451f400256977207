import ArgumentParser
import Viewer

/// What the viewer starts: one process that reads tiles of one scan.
struct TilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tiles", abstract: "Read tiles of a scan for the viewer (started by `serve`).",
        shouldDisplay: false)

    @Option var memoryLimit: Int64
    @Flag var requireConfinement = false

    func validate() throws {
        guard memoryLimit > 0 else { throw ValidationError("Reading needs memory.") }
    }

    func run() throws {
        throw ExitCode(TileService.run(memoryLimit: memoryLimit, requiresConfinement: requireConfinement))
    }
}
