import Foundation
import Slides
import TIFF
import TestSupport
import Testing

@testable import Fixtures

@Suite struct FlavourTests {
    private let scene = Scene(seed: 8, patient: 2, glandClass: .serrated, width: 201, height: 170)

    private func readBack(_ path: String) throws -> RGBPixels {
        let reader = try TIFFReader(path: path)
        let page = try #require(try reader.directories.first?.get())
        return try reader.readRGB(page, window: PixelWindow(x: 0, y: 0, width: page.width, height: page.height))
    }

    @Test(arguments: Flavour.allCases.filter { $0 != .palette })
    func readsBackAsDrawn(flavour: Flavour) throws {
        let folder = try TemporaryFolder()
        let written = try FlavourSet(scene: scene, flavours: [flavour]).write(to: folder.path)
        #expect(written == [flavour])
        let pixels = try readBack(folder["\(flavour.rawValue).tif"])
        let drawn = scene.draw().pixels
        #expect(pixels.width == scene.width && pixels.height == scene.height)
        if flavour.isLossless {
            #expect(pixels.bytes == drawn)
        } else {
            let difference = zip(pixels.bytes, drawn).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
            #expect(Double(difference) / Double(drawn.count) < 10)
        }
    }

    @Test func flavoursAreWhatTheirNamesSay() throws {
        let folder = try TemporaryFolder()
        try FlavourSet(scene: scene, tellsSpacing: true).write(to: folder.path)
        func reader(_ flavour: Flavour) throws -> TIFFReader {
            try TIFFReader(path: folder["\(flavour.rawValue).tif"])
        }
        #expect(try reader(.bigTIFF).isBigTIFF)
        #expect(try reader(.bigEndian).isBigEndian)
        #expect(try reader(.pyramidPages).directories.count == 3)
        let top = try #require(try reader(.pyramidSubdirectories).directories.first?.get())
        #expect(try top.subdirectories.map { try $0.get().width } == [101, 51])
        let planar = try #require(try reader(.planarTiles).directories.first?.get())
        #expect(planar.planarConfiguration == .separate)
        let deep = try #require(try reader(.sixteenBit).directories.first?.get())
        #expect(deep.bitsPerSample == 16)
        let resolution = try #require(deep.resolution)
        #expect(abs(10_000 / resolution.x - scene.spacing) < 1e-4 && resolution.unit == .centimetre)
        #expect(!FileManager.default.fileExists(atPath: folder["\(Flavour.palette.rawValue).tif"]))
    }

    @Test func aPaletteHoldsBareGlass() throws {
        let glass = Scene(seed: 8, patient: 2, glandClass: .normal, width: 64, height: 48, tissue: .nowhere)
        let folder = try TemporaryFolder()
        #expect(try FlavourSet(scene: glass, flavours: [.palette]).write(to: folder.path) == [.palette])
        #expect(try readBack(folder["\(Flavour.palette.rawValue).tif"]).bytes == glass.draw().pixels)
    }

    @Test func aScanTooLargeToBeDrawnWholeIsRefused() throws {
        let large = Scene(seed: 8, patient: 2, glandClass: .normal, width: 20_000, height: 100)
        let folder = try TemporaryFolder()
        #expect(throws: FixtureError.self) { try FlavourSet(scene: large).write(to: folder.path) }
    }

    @Test func aPaletteOfTooManyColoursIsRefused() {
        #expect(throws: FixtureError.self) { try Palette(of: scene.draw().picture) }
    }
}
