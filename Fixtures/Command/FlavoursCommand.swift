import ArgumentParser
import Fixtures

struct FlavoursCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flavours",
        abstract: "Write the same scan in every way that TIFF has, with its mask and the truth of its glands.")

    @Option(help: "The folder to write to; it is created.")
    var output: String

    @Option(help: "What everything is drawn from.")
    var seed: UInt64 = 1

    @Option(help: "Width and height in pixels.")
    var size = PixelSize(width: 300, height: 260)

    @Option(name: .customLong("class"), help: "The diagnosis of its glands.")
    var glandClass = GlandClass.normal

    @Option(help: FlavourList.help)
    var flavours = FlavourList(Flavour.lossless)

    @Flag(help: "Write the spacing into the resolution tags.")
    var tellSpacing = false

    @OptionGroup var spacing: SpacingOption

    func run() throws {
        let scene = Scene(
            seed: seed, patient: seed, glandClass: glandClass, width: size.width, height: size.height,
            spacing: spacing.spacing)
        let set = FlavourSet(scene: scene, flavours: flavours.flavours, tellsSpacing: tellSpacing)
        let written = try set.write(to: output)
        print("\(written.count) flavours in \(output)")
    }
}
