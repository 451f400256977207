import Findings
import Fixtures
import Imaging
import TIFF
import Testing

/// The way from pixels to regions with a network whose answer is known, so that whatever is off is off on that way.
@Suite struct GeometryTests {
    private func scene(_ glandClass: GlandClass, spacing: Double, micrometres: (Double, Double)) -> Scene {
        Scene(
            seed: 11, patient: 5, glandClass: glandClass, width: Int(micrometres.0 / spacing),
            height: Int(micrometres.1 / spacing), spacing: spacing)
    }

    private func pixels(of region: Finding) throws -> RunLengths {
        try RunLengths(decoding: Array(try #require(region.geometry)))
    }

    private func union(of regions: [Finding]) throws -> RunLengths {
        RunLengths(joining: try regions.flatMap { try pixels(of: $0).runs })
    }

    /// Whatever the tiles, every structure comes out once, with exactly its pixels, cut through by tile edges or not.
    @Test(arguments: [(64, 0), (64, 32), (96, 32), (128, 64), (512, 128)], [GlandClass.normal, .adenocarcinoma])
    func atTheSpacingOfTheModelsRegionsAreExact(tiling: (tile: Int, overlap: Int), glandClass: GlandClass) throws {
        let scene = scene(glandClass, spacing: 1.5, micrometres: (500, 430))
        let drawing = scene.draw()
        let colours = try ColourPipeline(tile: tiling.tile, overlap: tiling.overlap)
        let regions = try colours.regions(of: drawing, spacing: scene.spacing)
        #expect(Set(try regions.map(pixels)) == Set(drawing.mask.components))
        let areas = Set(regions.compactMap(\.areaPixels))
        #expect(scene.truth(of: drawing).allSatisfy { $0.touchesBorder || areas.contains(Int64($0.area)) })
    }

    /// A scan that is finer or coarser than the models is resampled there and back; then too, each structure is found once, and
    /// areas agree to a hundredth.
    @Test(arguments: [0.25, 0.5, 0.62, 1.0, 1.1, 2.0, 2.9], [GlandClass.normal, .polyp])
    func atOtherSpacingsAreasAreRightToAHundredth(spacing: Double, glandClass: GlandClass) throws {
        let scene = scene(glandClass, spacing: spacing, micrometres: (700, 640))
        let drawing = scene.draw()
        let colours = try ColourPipeline(tile: 128, overlap: 32)
        let regions = try colours.regions(of: drawing, spacing: spacing)
        let truth = drawing.mask.components
        let found = try union(of: regions)
        let all = RunLengths(joining: truth.flatMap(\.runs))
        #expect(abs(Double(found.pixelCount) / Double(all.pixelCount) - 1) < 0.01)
        // Nothing is shifted: what is marked by one only is a thin line around the structures.
        let shared = found.intersectionCount(with: all)
        #expect(2 * Double(shared) / Double(found.pixelCount + all.pixelCount) > 0.98)
        for gland in truth where Double(gland.pixelCount) * spacing * spacing > 1_000 {
            let own = try regions.filter { try pixels(of: $0).intersectionCount(with: gland) > 0 }
            #expect(own.count == 1)
            let area = Double(own.reduce(0) { $0 + ($1.areaPixels ?? 0) })
            #expect(abs(area / Double(gland.pixelCount) - 1) < 0.03)
        }
    }

    /// Seen at 1.5 um/px, the same structures are large enough whatever the scanner.
    @Test(arguments: [0.5, 1.2, 1.5, 2.0])
    func whatIsTooSmallForAStructureDoesNotDependOnTheSpacing(spacing: Double) throws {
        let drawing = scene(.normal, spacing: spacing, micrometres: (700, 640)).draw()
        let colours = try ColourPipeline(tile: 128, overlap: 32, minimumArea: 1_500)
        let regions = try colours.regions(of: drawing, spacing: spacing)
        let limit = 1_500 * (1.5 / spacing) * (1.5 / spacing)
        #expect(regions.allSatisfy { Double($0.areaPixels ?? 0) > 0.97 * limit })
        let large = drawing.mask.components.filter { Double($0.pixelCount) > 1.05 * limit }
        #expect(!large.isEmpty && large.count < drawing.mask.components.count)
        let found = try union(of: regions)
        #expect(large.allSatisfy { found.intersectionCount(with: $0) > 0 })
    }

    /// A scan that is a little coarser or finer than the models is no exception: they see it at their own spacing.
    @Test(arguments: [(1.5, false), (1.2, true), (1.4, true), (1.6, true), (1.8, true)])
    func onlyScansAtTheSpacingOfTheModelsAreSeenAsTheyAre(spacing: Double, isResampled: Bool) throws {
        let drawing = scene(.normal, spacing: spacing, micrometres: (300, 240)).draw()
        let remarks = try ColourPipeline(tile: 128, overlap: 32).result(of: drawing, spacing: spacing).remarks
        #expect(remarks.contains { $0.contains("the spacing that they were trained at") } == isResampled)
    }

    /// A network with a receptive field, over tiles and over the whole scan at once.
    @Test(arguments: [(64, 32), (96, 32), (128, 32), (256, 64)])
    func tilesAgreeWithTheNetworkOverTheWholeScan(tile: Int, overlap: Int) throws {
        let scene = scene(.highGrade, spacing: 1.5, micrometres: (700, 640))
        let drawing = scene.draw()
        func mask(_ tile: Int, _ overlap: Int) throws -> RunLengths {
            try union(
                of: ColourPipeline(tile: tile, overlap: overlap, blur: 9).regions(of: drawing, spacing: scene.spacing))
        }
        let (whole, tiled) = (try mask(512, 0), try mask(tile, overlap))
        let differing = whole.pixelCount + tiled.pixelCount - 2 * whole.intersectionCount(with: tiled)
        #expect(Double(differing) < 0.001 * Double(scene.width * scene.height))
    }

    @Test func theNumberOfThreadsDoesNotShow() throws {
        let scene = scene(.lowGrade, spacing: 0.7, micrometres: (500, 430))
        let drawing = scene.draw()
        let colours = try ColourPipeline(tile: 64, overlap: 16, blur: 5)
        let one = try colours.regions(of: drawing, spacing: scene.spacing, threads: 1)
        #expect(!one.isEmpty)
        for threads in [2, 5] {
            #expect(try colours.regions(of: drawing, spacing: scene.spacing, threads: threads) == one)
        }
    }
}
