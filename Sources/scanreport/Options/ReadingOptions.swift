import ArgumentParser
import Slides

/// What a reader may spend on a file, for those that are known to be good.
struct ReadingOptions: ParsableArguments {
    @Option(name: .long, help: "Pixels of one image, at most.")
    var maximumPixels = ReadingLimits.default.maximumPixelsPerImage

    @Option(name: .long, help: "How many times larger than the file its decoded pages may be together.")
    var maximumExpansion = ReadingLimits.default.maximumExpansion

    @Option(name: .long, help: "MiB of one decoded tile or strip, at most.")
    var maximumTileMib = ReadingLimits.default.maximumTileBytes >> 20

    var limits: ReadingLimits {
        ReadingLimits(
            maximumPixelsPerImage: maximumPixels, maximumTileBytes: maximumTileMib << 20,
            maximumExpansion: maximumExpansion)
    }

    func validate() throws {
        guard maximumPixels > 0, maximumExpansion > 0, (1...1 << 12).contains(maximumTileMib) else {
            throw ValidationError("limits are at least 1, and a tile has at most 4096 MiB")
        }
    }
}
