import CLCMS
import Foundation
import Slides
import TIFF
import Testing

/// Colour profiles that files hold.
@Suite struct ColourProfileTests {
    /// A profile of Adobe RGB's primaries and a gamma of 1.8, as Little CMS writes it.
    private static func profile() throws -> [UInt8] {
        var white = cmsCIExyY(x: 0.3127, y: 0.3290, Y: 1)
        var primaries = cmsCIExyYTRIPLE(
            Red: cmsCIExyY(x: 0.64, y: 0.33, Y: 1), Green: cmsCIExyY(x: 0.21, y: 0.71, Y: 1),
            Blue: cmsCIExyY(x: 0.15, y: 0.06, Y: 1))
        let curve = cmsBuildGamma(nil, 1.8)
        defer { cmsFreeToneCurve(curve) }
        var curves = [curve, curve, curve]
        return try written(cmsCreateRGBProfile(&white, &primaries, &curves))
    }

    private static func written(_ profile: cmsHPROFILE?) throws -> [UInt8] {
        let profile = try #require(profile)
        defer { cmsCloseProfile(profile) }
        var size: cmsUInt32Number = 0
        cmsSaveProfileToMem(profile, nil, &size)
        var bytes = [UInt8](repeating: 0, count: Int(size))
        cmsSaveProfileToMem(profile, &bytes, &size)
        return bytes
    }

    private func scan(_ profile: [UInt8], samples: [UInt8] = [209, 150, 189], applies: Bool = true) throws
        -> any ScanFile
    {
        var limits = ReadingLimits.default
        limits.colour = ColourReading(appliesProfile: applies)
        return try DrawnTIFF.scan([DrawnTIFF.Page(64, 48, samples)], tags: [.profile(profile)], limits: limits)
    }

    private func remarks(_ scan: any ScanFile) throws -> [String] { try scan.remarks(on: try scan.mainPyramid()) }

    @Test func aProfileIsApplied() throws {
        let scan = try scan(try Self.profile())
        // By the formulas: to linear by 1.8, to XYZ and sRGB's primaries by their matrices, to sRGB's curve.
        let pixel = try scan.firstPixel()
        #expect(zip(pixel, [234, 167, 202]).allSatisfy { abs(Int($0) - $1) <= 2 }, "\(pixel)")
        #expect(try remarks(scan) == ["the file's colour profile was applied"])
    }

    /// For who averages pixels before.
    @Test func whatIsStoredCanBeReadToo() throws {
        let scan = try scan(try Self.profile())
        let source = scan.pixels(of: try scan.mainPyramid().levels[0])
        let stored = try #require(source.stored)
        let window = PixelWindow(x: 3, y: 4, width: 2, height: 1)
        let pixels = try stored.source.pixels(in: window)
        #expect(pixels.pixels == [209, 150, 189, 209, 150, 189])
        #expect(try stored.corrected(pixels) == source.pixels(in: window))
        #expect(stored.source.stored == nil)
        let plain = try self.scan(try Self.profile(), applies: false)
        #expect(try plain.pixels(of: plain.mainPyramid().levels[0]).stored == nil)
    }

    @Test func aProfileIsIgnoredWhereThePipelineSaysSo() throws {
        let scan = try scan(try Self.profile(), applies: false)
        #expect(try scan.firstPixel() == [209, 150, 189])
        #expect(try remarks(scan) == ["the file's colour profile was ignored: the pipeline says so"])
    }

    @Test func sRGBChangesNoByte() throws {
        let scan = try scan(try Self.written(cmsCreate_sRGBProfile()))
        #expect(try scan.firstPixel() == [209, 150, 189])
        #expect(try remarks(scan).count == 1)
    }

    @Test func aDamagedProfileIsARemark() throws {
        let good = try Self.profile()
        for bytes in [
            Array(good.prefix(200)), [UInt8](repeating: 7, count: 500), Array(good.dropFirst(8)) + [1, 2, 3],
        ] {
            let scan = try scan(bytes)
            #expect(try scan.firstPixel() == [209, 150, 189])
            #expect(try remarks(scan) == ["the file's colour profile was ignored: it is damaged"])
        }
    }

    @Test func greyHasNoColours() throws {
        let scan = try scan(try Self.profile(), samples: [99])
        #expect(try scan.firstPixel() == [99, 99, 99])
        #expect(try remarks(scan) == ["the file's colour profile was ignored: the image is not of RGB"])
    }
}
