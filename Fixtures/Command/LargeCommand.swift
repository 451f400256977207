import ArgumentParser
import Fixtures
import Foundation

struct LargeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "large",
        abstract: "Write one tiled BigTIFF of any size, and the truth of its glands as FILE.truth.csv.",
        discussion: """
            Drawn tile by tile: memory does not grow with the size. Pieces of tissue lie on glass, and the resolution tags
            tell the spacing.
            """)

    @Option(help: "The file to write.")
    var output: String

    @Option(help: "Width and height in pixels, such as 20000x15000.")
    var size: PixelSize

    @Option(help: "What everything is drawn from.")
    var seed: UInt64 = 1

    @Option(name: .customLong("class"), help: "The diagnosis of its glands.")
    var glandClass = GlandClass.normal

    @Option(help: "The share of the scan that is tissue.")
    var tissue = 0.5

    @Option(help: "How tiles are compressed.")
    var compression = LargeScan.Compression.jpeg

    @Flag(help: "Add levels of half the size each.")
    var pyramid = false

    @OptionGroup var spacing: SpacingOption

    func validate() throws {
        guard (0...1).contains(tissue) else { throw ValidationError("--tissue must lie between 0 and 1") }
    }

    func run() async throws {
        let scene = Scene(
            seed: seed, patient: seed, glandClass: glandClass, width: size.width, height: size.height,
            spacing: spacing.spacing,
            tissue: tissue == 0 ? .nowhere : tissue == 1 ? .everywhere : .pieces(share: tissue))
        let scan = LargeScan(
            scene: scene, compression: compression, isPyramid: pyramid,
            drawers: ProcessInfo.processInfo.activeProcessorCount)
        var lastPercent = 0
        try await scan.write(to: output, truth: output + ".truth.csv") { share in
            let percent = Int(share * 10) * 10
            guard percent > lastPercent else { return }
            lastPercent = percent
            FileHandle.standardError.write(Data("\(percent) % of the full level\n".utf8))
        }
        print("\(size.width) x \(size.height) pixels in \(output)")
    }
}
