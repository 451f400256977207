import Foundation
import TestSupport
import Testing

/// What `train` takes for labels, and what it says of them.
@Suite struct TrainLabelTests {
    let lab: TrainingLab

    init() throws { lab = try TrainingLab() }

    /// A patient's disc as GeoJSON, a rectangle a row, so that it is exact.
    private func outline(_ patient: Int, called name: String = "gland", more: String = "") throws {
        let polygons = (0..<TrainingLab.side).compactMap { row -> String? in
            let columns = (0..<TrainingLab.side).filter { TrainingLab.isInside(patient, $0, row) }
            guard let first = columns.first, let last = columns.last else { return nil }
            let (left, right) = (first, last + 1)
            return "[[[\(left),\(row)],[\(right),\(row)],[\(right),\(row + 1)],[\(left),\(row + 1)],[\(left),\(row)]]]"
        }
        let geometry = #"{"type":"MultiPolygon","coordinates":[\#(polygons.joined(separator: ","))]}"#
        let properties = #"{"objectType":"annotation","classification":{"name":"\#(name)","color":[1,2,3]}}"#
        let feature = #"{"type":"Feature","geometry":\#(geometry),"properties":\#(properties)}"#
        try lab.folder.write(
            "P\(patient).geojson", #"{"type":"FeatureCollection","features":[\#(feature)\#(more)]}"#)
    }

    private func writeOutlineManifest() throws {
        try lab.writeManifest {
            $0.replacing("patient,scan,mask,split", with: "patient,scan,outlines,split")
                .replacing("-mask.tif", with: ".geojson")
        }
    }

    @Test func outlinesTeachWhatTheirMasksTeach() throws {
        _ = try lab.train("masks", "--epochs", "1")
        let cell = #"{"type":"Polygon","coordinates":[[[0,0],[64,0],[64,64],[0,64],[0,0]]]}"#
        let detection = #"{"type":"Feature","geometry":\#(cell),"properties":{"objectType":"detection"}}"#
        for patient in TrainingLab.patients { try outline(patient, more: "," + detection) }
        try writeOutlineManifest()
        let trained = try lab.train("outlines", "--epochs", "1")
        #expect(trained.errors.contains("outlines that count: 4 gland"), "\(trained.errors)")
        #expect(try lab.weights("outlines") == lab.weights("masks"))
        // And `evaluate` reads the same truth.
        try lab.scanreport("run", "P4.tif", "--pipeline", "./masks", "--database", "night.sqlite")
        func figures() throws -> String {
            try lab.scanreport(
                "evaluate", "--manifest", "labels.csv", "--split", "val", "--database", "night.sqlite"
            ).output
        }
        let outlined = try figures()
        try lab.writeManifest()
        let counted = "Outlines that count: 1 gland.\n"
        #expect(outlined.contains(counted) && outlined.contains("Dice"))
        #expect(try figures() == outlined.replacing(counted, with: ""))
    }

    /// The left half is outlined wholly; in the right one nobody looked.
    @Test func nothingIsLearnedOrJudgedOutsideOfRegions() throws {
        let half = #"{"type":"Polygon","coordinates":[[[0,0],[32,0],[32,64],[0,64],[0,0]]]}"#
        let properties = #"{"objectType":"annotation","classification":{"name":"Region*","color":[0,0,180]}}"#
        let area = #",{"type":"Feature","geometry":\#(half),"properties":\#(properties)}"#
        let other = #"{"type":"Polygon","coordinates":[[[40,1],[60,1],[60,60],[40,60],[40,1]]]}"#
        let gland = #"{"objectType":"annotation","classification":{"name":"gland","color":[1,2,3]}}"#
        try writeOutlineManifest()
        for patient in TrainingLab.patients { try outline(patient, more: area) }
        let trained = try lab.train("left", "--epochs", "2")
        #expect([0, 1].contains(trained.status), "\(trained.errors)")
        try lab.scanreport("run", "P4.tif", "--pipeline", "./left", "--database", "night.sqlite")
        func figures() throws -> String {
            try lab.scanreport(
                "evaluate", "--manifest", "labels.csv", "--split", "val", "--database", "night.sqlite"
            ).output.replacing(/Outlines that count: .*\n/, with: "")
        }
        let judged = try figures()
        // What is drawn outside of them changes nothing.
        let strange = #",{"type":"Feature","geometry":\#(other),"properties":\#(gland)}"#
        for patient in TrainingLab.patients { try outline(patient, more: area + strange) }
        _ = try lab.train("again", "--epochs", "2")
        #expect(try lab.weights("again") == lab.weights("left"))
        #expect(try figures() == judged && judged.contains("Dice"))
        for patient in TrainingLab.patients { try outline(patient, more: strange) }
        _ = try lab.train("whole", "--epochs", "2")
        #expect(try lab.weights("whole") != lab.weights("left"))
        #expect(try figures() != judged)
    }

    @Test func oneClassOfOutlinesCanBeAskedFor() throws {
        for patient in TrainingLab.patients { try outline(patient, called: patient < 3 ? "gland" : "vessel") }
        try writeOutlineManifest()
        #expect(try lab.train("mine", "--epochs", "1").errors.contains("outlines that count: 2 gland, 2 vessel"))
        #expect(
            try lab.train("vessels", "--outline-class", "gland").errors.contains(
                "no mask of the split val marks a pixel"))
        #expect(
            try lab.train("nerves", "--outline-class", "nerve").errors.contains(
                "no outline has the class that was asked for: there are 2 gland, 2 vessel"))
    }

    @Test func splitsAreKnownInCapitalsAndOthersAreNamed() throws {
        try lab.writeManifest {
            $0.replacing("P1-mask.tif,train", with: "P1-mask.tif,Train").replacing(
                "P3-mask.tif,train", with: "P3-mask.tif,tarin")
        }
        let trained = try lab.train("mine", "--epochs", "1")
        #expect(trained.errors.contains("learning from 2 scans"), "\(trained.errors)")
        #expect(trained.errors.contains("1 labelled scan of the split tarin: left out"), "\(trained.errors)")
    }

    /// As a program writes them that showed the scans at half their size.
    @Test func outlinesOfALowerResolutionAreRefused() throws {
        for patient in TrainingLab.patients {
            try outline(patient)
            let text = try String(contentsOfFile: lab.folder["P\(patient).geojson"], encoding: .utf8)
            let halved = text.replacing(/\[(\d+),(\d+)\]/) { match in
                "[\((Double(match.1) ?? 0) / 2),\((Double(match.2) ?? 0) / 2)]"
            }
            try lab.folder.write("P\(patient).geojson", halved)
        }
        try writeOutlineManifest()
        let refused = try lab.train("mine")
        #expect(refused.status == 65 && refused.errors.contains("lie in the upper left quarter"), "\(refused.errors)")
    }

    /// 1 is the stroma, 2 the gland: what is not 0 would be the structure, everywhere.
    @Test(arguments: [[1, 2], [255, 128]] as [[UInt8]]) func masksWithoutBackgroundAreRefused(values: [UInt8]) throws {
        for patient in TrainingLab.patients {
            let pixels = (0..<TrainingLab.side * TrainingLab.side).map { index in
                let isInside = TrainingLab.isInside(patient, index % TrainingLab.side, index / TrainingLab.side)
                return values[isInside ? 1 : 0]
            }
            try lab.write("P\(patient)-mask.tif", pixels, samples: 1)
        }
        let refused = try lab.train("mine")
        #expect(refused.status == 65 && refused.errors.contains("marks every pixel"), "\(refused.errors)")
        #expect(!lab.folder.contents.contains("mine.training"))
    }

    /// The manifest that `export --format labels` writes, of four scans and one whose regions nobody reviewed.
    @Test func theFolderThatExportWritesIsReadAsItIs() throws {
        let folder = lab.folder.path
        let rows = TrainingLab.patients.map { "P\($0),\(folder)/P\($0).tif,masks/\($0).tif,Polyp,,," }
        for patient in TrainingLab.patients {
            try lab.folder.write(
                "set/masks/\(patient).tif", Data(contentsOf: URL(filePath: lab.folder["P\(patient)-mask.tif"])))
        }
        try lab.folder.write(
            "set/manifest.csv",
            "patient,scan,mask,class,outlines,boxes,labels\n" + rows.joined(separator: "\n")
                + "\nP5,\(folder)/P1.tif,,Polyp,,,\n")
        let arguments = lab.arguments("mine", ["--epochs", "1"]).map {
            $0 == "labels.csv" ? "set/manifest.csv" : $0
        }
        let trained = try Scanreport(arguments, in: lab.folder)
        #expect([0, 1].contains(trained.status), "\(trained.errors)")
        #expect(trained.errors.contains("of 1 scan the manifest says nothing of the structure: left out (line 6)"))
        #expect(trained.errors.contains("one by patient was drawn, see mine.split.csv"))
        #expect(trained.errors.contains("learning from 3 scans of 3 patients"))
        let split = try String(contentsOfFile: lab.folder["mine.split.csv"], encoding: .utf8)
        #expect(split.components(separatedBy: ",val\n").count == 2 && split.contains("\(folder)/set/masks/1.tif"))
        let card = try String(contentsOfFile: lab.folder["mine/marks.md"], encoding: .utf8)
        #expect(card.contains("The split was drawn by patient"))
        // The same seed draws the same.
        _ = try Scanreport(arguments.map { $0 == "mine" ? "again" : $0 }, in: lab.folder)
        #expect(try String(contentsOfFile: lab.folder["again.split.csv"], encoding: .utf8) == split)
        #expect(try lab.weights("again") == lab.weights("mine"))
    }

    @Test func labelsThatMarkNothingAreTold() throws {
        let empty = [UInt8](repeating: 0, count: TrainingLab.side * TrainingLab.side)
        try lab.write("P2-mask.tif", empty, samples: 1)
        #expect(try lab.train("mine", "--epochs", "1").errors.contains("the labels of 1 of 4 scans mark nothing"))
    }

    /// As two programs' label numbers, 1 for the ground.
    @Test func aMaskWithoutGroundIsRefused() throws {
        let side = TrainingLab.side
        let pixels = (0..<side * side).map { UInt8(TrainingLab.isInside(2, $0 % side, $0 / side) ? 2 : 1) }
        try lab.write("P2-mask.tif", pixels, samples: 1)
        let refused = try lab.train("mine")
        #expect(refused.status == 65 && refused.errors.contains("line 3 of the manifest marks every pixel"))
        // A whole field may be of the structure.
        try lab.write("P2-mask.tif", [UInt8](repeating: 255, count: side * side), samples: 1)
        #expect([0, 1].contains(try lab.train("mine", "--epochs", "1").status))
    }

    @Test func splitsOfOtherNamesAreTold() throws {
        try lab.writeManifest { $0.replacing(",val", with: ",validation") }
        let refused = try lab.train("mine")
        #expect(refused.errors.contains("there are 3 and 0; some say validation; without a column split one is drawn"))
    }
}
