import Evaluation
import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct GroundTruthTests {
    @Test func aManifestIsRead() throws {
        let text = "patient,scan,mask,class,split\nP1,a.tif,a.png,Polyp,val\nP2,b.tif,,,\n"
        let entries = try GroundTruth.manifest(Array(text.utf8))
        #expect(
            entries == [
                GroundTruth(line: 2, patient: "P1", scan: "a.tif", mask: "a.png", label: "Polyp", split: "val"),
                GroundTruth(line: 3, patient: "P2", scan: "b.tif", mask: nil, label: nil, split: nil),
            ])
    }

    @Test(arguments: [
        ("", "the manifest cannot be used: the table is empty: a header is missing"),
        ("patient,scan\n", "the manifest cannot be used: the header has neither mask, outlines nor class"),
        ("scan,class\n", "the manifest cannot be used: the header lacks patient"),
        ("patient,scan,class\n,a.tif,Polyp\n", "the manifest cannot be used: line 2 has no patient or no scan"),
        (
            "patient,scan,class\nP1,a.tif,Polyp\nP1,b.tif,Polyp\nP1,a.tif,Normal\n",
            "the manifest cannot be used: lines 2 and 4 are of one scan: write its truth in one line"
        ),
    ])
    func anUnusableManifestIsNamed(text: String, message: String) {
        let error = #expect(throws: EvaluationError.self) { try GroundTruth.manifest(Array(text.utf8)) }
        #expect(error?.kind == .unusableManifest)
        #expect(error?.message == message)
    }

    @Test func aScanMayBeInSeveralSplits() throws {
        let text = "patient,scan,class,split\nP1,a.tif,Polyp,first\nP1,a.tif,Polyp,second\n"
        #expect(try GroundTruth.manifest(Array(text.utf8)).count == 2)
    }

    @Test func masksAreReadFromPNG() throws {
        let file = TemporaryFile()
        try Truths.twoObjects.writePNG(path: file.path)
        #expect(try MaskImage(truthAt: file.path, line: 2) == Truths.twoObjects)
    }

    @Test(
        arguments: [
            ([0xFF, 0xD8, 0xFF, 0xE0], "write it as PNG or TIFF"), ([0x42, 0x4D, 0, 0], "it is neither PNG nor TIFF"),
        ] as [([UInt8], String)])
    func masksOfOtherFormsAreRefusedWithWhatToWrite(bytes: [UInt8], problem: String) throws {
        let file = TemporaryFile()
        try Data(bytes).write(to: URL(filePath: file.path))
        for error in [
            #expect(throws: EvaluationError.self) { try MaskImage(truthAt: file.path, line: 7) },
            #expect(throws: EvaluationError.self) { try ObjectTruth(labelsAt: file.path, line: 7) },
        ] {
            #expect(error?.message.contains(problem) == true && error?.message.hasSuffix("without loss") == true)
        }
    }

    @Test(arguments: ["/dev/null", "/", "/no/such/mask.png"])
    func whatIsNoMaskIsRefused(path: String) {
        let error = #expect(throws: EvaluationError.self) { try MaskImage(truthAt: path, line: 7) }
        #expect(error?.kind == .unusableMask)
        #expect(error?.message.hasPrefix("the mask in line 7 of the manifest cannot be read: ") == true)
    }
}
