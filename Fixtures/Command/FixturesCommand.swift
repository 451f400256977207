import ArgumentParser
import Fixtures

@main
struct FixturesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fixtures",
        abstract: "Draws scans of glands with exact truth, for tests, demonstrations and training.",
        discussion:
            "The same options give the same bytes on every machine that has the same versions of libtiff and its codecs.",
        subcommands: [ScansCommand.self, LargeCommand.self, FlavoursCommand.self, DemonstrationCommand.self])
}
