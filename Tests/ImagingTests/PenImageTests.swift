import Foundation
import Imaging
import Slides
import TestSupport
import Testing

/// The pen images of HistoQC (Janowczyk et al. 2019), `histoqc/data/pen/1k_version` of its repository, with its masks of the ink.
@Suite struct PenImageTests {
    private static let absence =
        "the images are not here: put them into SCANREPORT_SHARED/histoqc, or ../shared/histoqc"

    /// HistoQC's masks pass over ink, too: blue in the green image, pale strokes in the red one.
    @Test(
        .enabled(if: Repository.shared("histoqc") != nil, Comment(rawValue: absence)),
        arguments: [("black", 0.9, 0.95), ("green", 0.95, 0.5), ("red", 0.6, 0.5)])
    func theInkIsFoundAndNothingElse(colour: String, recall: Double, precision: Double) throws {
        let folder = try #require(Repository.shared("histoqc"))
        let image = try RGBImage(pngPath: folder.appending(path: "pen_\(colour).png").path)
        let truth = try MaskImage(pngPath: folder.appending(path: "pen_\(colour)_mask.png").path)
        let everything = MaskImage(
            width: image.width, height: image.height,
            pixels: [Bool](repeating: true, count: image.width * image.height))
        let areas = ArtefactAreas(overview: image, tissue: everything, micrometresPerPixel: 8)
        let found = areas.pen
        let both = Double(found.intersected(with: truth).foregroundCount)
        let figures = (both / Double(truth.foregroundCount), both / Double(found.foregroundCount))
        #expect(figures.0 > recall, "recall of \(colour): \(figures.0)")
        #expect(figures.1 > precision, "precision of \(colour): \(figures.1)")
    }
}
