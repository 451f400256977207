import Slides
import TIFF
import Testing

/// Spacings as the world's programs write them.
@Suite struct SpacingTests {
    /// Once before the page that the XML speaks of, once behind it: the XML says nothing of the page.
    @Test(arguments: [0, 1]) func aStrayPageHasNotTheSpacingOfTheImage(described: Int) throws {
        let description = """
            <OME><Image><Pixels SizeX="64" SizeY="48" SizeC="3" PhysicalSizeX="0.5"><TiffData IFD="\(described)"/></Pixels>
            </Image></OME>
            """
        var pages = [DrawnTIFF.Page(250, 190, [1, 2, 3])]
        pages.insert(DrawnTIFF.Page(64, 48, [1, 2, 3]), at: described)
        pages[0].layout.imageDescription = description
        let pyramids = try DrawnTIFF.scan(pages).pyramids
        #expect(pyramids.first { $0.width == 64 }?.spacing == Spacing(plausible: 0.5, source: .ome))
        #expect(pyramids.first { $0.width == 250 }?.spacing == .unknown)
    }

    private static func pyramid(
        _ description: String, resolution: TIFFResolution? = nil, patches: [(UInt8, UInt8)] = []
    ) throws -> Pyramid {
        try DrawnTIFF.scan(
            [
                DrawnTIFF.Page(64, 48, [1, 2, 3]) {
                    $0.imageDescription = description
                    $0.resolution = resolution
                }
            ], patches: patches
        ).mainPyramid()
    }

    private static func ome(_ attributes: String, size: String = "SizeX=\"64\" SizeY=\"48\"") -> String {
        "<?xml version=\"1.0\"?><OME><Image ID=\"Image:0\"><Pixels DimensionOrder=\"XYCZT\" SizeC=\"3\" SizeZ=\"1\" SizeT=\"1\""
            + " \(size) \(attributes)><Channel SamplesPerPixel=\"3\"/><TiffData/></Pixels></Image></OME>"
    }

    private static func aperio(_ fields: String, size: String = "64x48 [0,0 64x48]") -> String {
        "Aperio Image Library v12.0.15 \r\n\(size) (256x256) JPEG/RGB Q=70|\(fields)|Filename = x"
    }

    private static let philips = """
        <?xml version="1.0" encoding="UTF-8" ?><DataObject ObjectType="DPUfsImport">\
        <Attribute Name="DICOM_PIXEL_SPACING" PMSVR="IDoubleArray">&quot;0.002&quot; &quot;0.002&quot;</Attribute>\
        <Attribute Name="DICOM_PIXEL_SPACING" PMSVR="IDoubleArray">&quot;0.00025&quot; &quot;0.00025&quot;</Attribute>\
        </DataObject>
        """

    @Test(
        arguments: [
            (
                ome(
                    "PhysicalSizeX=\"0.5\" PhysicalSizeXUnit=\"&#181;m\" PhysicalSizeY=\"0.5\" PhysicalSizeYUnit=\"&#xB5;m\""
                ), 0.5, .ome
            ),
            (
                ome("PhysicalSizeX=\"0.5\" PhysicalSizeXUnit=\"µm\" PhysicalSizeY=\"0.5\" PhysicalSizeYUnit=\"µm\""),
                0.5, .ome
            ),
            (ome("PhysicalSizeX=\"500\" PhysicalSizeXUnit=\"nm\""), 0.5, .ome),
            (ome("PhysicalSizeX=\"0,5\""), 0.5, .ome),
            (ome("PhysicalSizeX=\"5E5\" PhysicalSizeXUnit=\"pm\""), 0.5, .ome),
            (ome("PhysicalSizeX=\"5E-6\" PhysicalSizeXUnit=\"dm\""), 0.5, .ome),
            (ome("PhysicalSizeX=\"5000\" PhysicalSizeXUnit=\"\u{212B}\""), 0.5, .ome),
            (ome("PhysicalSizeX=\"0.02\" PhysicalSizeXUnit=\"thou\""), 0.508, .ome),
            (ome("PhysicalSizeX=\"0.00144\" PhysicalSizeXUnit=\"pt\""), 0.508, .ome),
            (aperio("AppMag = 20|MPP = 0.5"), 0.5, .aperio),
            (aperio("AppMag = 20|MPP = 0,5"), 0.5, .aperio),
            (aperio("MPP = 0.5 um"), 0.5, .aperio), (aperio("MPP = 0.5µm/px"), 0.5, .aperio),
            (aperio("MPP = 500 nm per pixel"), 0.5, .aperio), (aperio("MPP = 0,5 microns/pixel"), 0.5, .aperio),
            (aperio("AppMag = 40x|MPP = 0.5 furlongs"), 0.25, .magnification),
            (aperio("AppMag = 40"), 0.25, .magnification),
            (aperio("AppMag = 40|MPP = 0"), 0.25, .magnification),
            (aperio("AppMag = 40|MPP = 0.00025"), 0.25, .magnification),
            (aperio("MPP = 0.5", size: "46920x33014 [0,100 64x48]"), 0.5, .aperio),
            (aperio("MPP = 0.25", size: "300x200 [0,100 256x192]"), 1.0, .aperio),
            (aperio("AppMag = 40", size: "256x192"), 1.0, .magnification),
            (philips, 0.25, .philips),
        ] as [(String, Double, Spacing.Source)])
    func spacingIsFound(_ description: String, _ expected: Double, _ source: Spacing.Source) throws {
        let pyramid = try Self.pyramid(description)
        #expect(pyramid.spacing.source == source)
        #expect(abs((pyramid.spacing.micrometresPerPixel ?? 0) - expected) < 1e-9)
        #expect(pyramid.spacingComplaint == nil)
    }

    /// The micro sign of Latin-1, which is no UTF-8.
    @Test func latin1IsRead() throws {
        let ome = Self.ome(
            "PhysicalSizeX=\"0.5\" PhysicalSizeXUnit=\"~m\" PhysicalSizeY=\"0.5\" PhysicalSizeYUnit=\"~m\"")
        #expect(try Self.pyramid(ome, patches: [(0x7E, 0xB5)]).spacing.micrometresPerPixel == 0.5)
        let imageJ = try Self.pyramid(
            "ImageJ=1.53t\nunit=~m\n", resolution: TIFFResolution(x: 2, y: 2, unit: .none), patches: [(0x7E, 0xB5)])
        #expect(imageJ.spacing.micrometresPerPixel == 0.5 && imageJ.spacing.source == .imageJ)
    }

    /// ImageJ describes a stack in its first page alone; of the focal planes the middle one is analysed.
    @Test func theFirstPageTellsTheSpacingOfAllPlanes() throws {
        let pages = (0..<3).map { number in
            DrawnTIFF.Page(64, 48, [UInt8(60 * number)]) {
                guard number == 0 else { return }
                $0.imageDescription = "ImageJ=1.53t\nimages=3\nslices=3\nunit=um\n"
                $0.resolution = TIFFResolution(x: 2, y: 2, unit: .none)
            }
        }
        let scan = try DrawnTIFF.scan(pages)
        #expect(try scan.mainPyramid().spacing == Spacing(plausible: 0.5, source: .imageJ))
        #expect(try scan.firstPixel() == [60, 60, 60])
    }

    @Test func whatIsNotUsableIsSaid() throws {
        let anisotropic = try Self.pyramid(Self.ome("PhysicalSizeX=\"1\" PhysicalSizeY=\"1.3\""))
        #expect(
            anisotropic.spacingComplaint
                == "the file tells its spacing, but not usably (ome says 1.0 x 1.3 um/px: not square)")
        let implausible = try Self.pyramid(Self.aperio("MPP = 4990"))
        #expect(implausible.spacingComplaint?.contains("not plausible") == true)
        // What editors write for printers is not meant.
        let printed = try Self.pyramid("x", resolution: TIFFResolution(x: 72, y: 72, unit: .inch))
        #expect(printed.spacingComplaint == "the file does not tell its spacing")
    }

    @Test func whatWasMadeOfItIsRemarked() throws {
        #expect(try Self.pyramid(Self.aperio("AppMag = 40")).remarks.count == 1)
        #expect(
            try Self.pyramid(Self.ome("PhysicalSizeX=\"0.5\"")).remarks == ["the file tells its spacing along x only"])
        let shrunk = try Self.pyramid(Self.aperio("MPP = 0.25", size: "256x192"))
        #expect(shrunk.remarks.first?.contains("256 x 192 pixels, but the image has 64 x 48") == true)
        let contradiction = try Self.pyramid(
            Self.aperio("MPP = 0.5"), resolution: TIFFResolution(x: 10_000, y: 10_000, unit: .centimetre))
        #expect(
            contradiction.remarks == [
                "the file contradicts itself on its spacing: aperio says 0.5 um/px, resolution-tags says 1.0 um/px"
            ])
        #expect(
            try Self.pyramid(Self.aperio("MPP = 0.5|AppMag = 20|MPP = 0.25")).remarks == [
                "the file contradicts itself on its spacing: aperio says 0.5 um/px, aperio says 0.25 um/px"
            ])
        #expect(try Self.pyramid(Self.aperio("MPP = 0.5|MPP = 0.4990")).remarks == [])
        // As of a slide that a program shrank and forgot to say so.
        #expect(
            try Self.pyramid(Self.aperio("AppMag = 40|MPP = 1.0")).remarks == [
                "the file contradicts itself on its spacing: aperio says 1.0 um/px, magnification says 0.25 um/px"
            ])
        #expect(try Self.pyramid(Self.aperio("AppMag = 40|MPP = 0.5")).remarks == [])
        #expect(
            try Self.pyramid(Self.aperio("AppMag = 40|MPP = 500")).remarks.contains(
                "the file also tells its spacing unusably (aperio says 500.0 x 500.0 um/px: not plausible)"))
        let agreement = try Self.pyramid(
            Self.aperio("MPP = 0.5"), resolution: TIFFResolution(x: 20_000, y: 20_000, unit: .centimetre))
        #expect(agreement.remarks == [])
    }
}
