import FindingStore
import Findings
import Foundation
import FoundationXML
import Reporting
import TestSupport
import Testing

@Suite struct ReportTests {
    /// Tries to be an element, an attribute's end, a comment and an entity, and turns what is read around.
    private static let hostile = "<img src=x onerror=alert(1)>\"'&amp;<!--\u{202E}]]>"

    private func night() throws -> (weeks: RecordedWeeks, run: Int64) {
        let weeks = try RecordedWeeks()
        let run = try weeks.night([
            (
                "P-CANARY-1", "P-CANARY-1/slide-canary.tif",
                .graded(remarks: ["the file does not tell its spacing; 1.4 um/px was assumed"])
            ),
            ("P-CANARY-1", "P-CANARY-1/glass.tif", .withoutTissue),
            ("P-CANARY-2", "P-CANARY-2/damaged.tif", .broken),
            (Self.hostile, Self.hostile.replacing("/", with: "") + "/\(Self.hostile).tif", .graded(Self.hostile)),
        ])
        return (weeks, run)
    }

    @Test func everyPageIsWellFormed() throws {
        let (weeks, run) = try night()
        let report = try weeks.report(FindingFilter(run: run))
        #expect(report.pages.count == 4)
        for (name, page) in report.pages {
            let parser = XMLParser(data: Data(page.utf8))
            let outline = PageOutline()
            parser.delegate = outline
            #expect(parser.parse(), "\(name): \(String(describing: parser.parserError))")
            #expect(outline.problems == [], "\(name)")
            #expect(outline.headings.first == 1)
            for (before, after) in zip(outline.headings, outline.headings.dropFirst()) { #expect(after <= before + 1) }
            for target in outline.links where !target.hasPrefix("#") {
                let file = String(target.prefix { $0 != "#" })
                #expect(report.names.contains(file), "\(name) links \(target)")
            }
        }
    }

    @Test func hostileNamesAreTexts() throws {
        let (weeks, run) = try night()
        for page in try weeks.report(FindingFilter(run: run)).pages.values {
            #expect(!page.contains("<img") && !page.contains("\u{202E}") && !page.contains("<!--"))
        }
    }

    @Test func noFileNameSaysWhoAPatientIs() throws {
        let (weeks, run) = try night()
        let names = try weeks.report(FindingFilter(run: run)).names
        #expect(
            names == [
                "index.html", "patient-00001.html", "patient-00002.html", "patient-00003.html", "picture-1.jpg",
                "picture-2.jpg", "style.css",
            ])
        for name in names {
            let mode = try FileManager.default.attributesOfItem(atPath: weeks.folder["report/\(name)"])[
                .posixPermissions]
            #expect(mode as? Int == 0o600)
        }
    }

    /// Failures and scans without tissue are as large as findings.
    @Test func silenceNeverReadsAsNegative() throws {
        let (weeks, run) = try night()
        let pages = try weeks.report(FindingFilter(run: run)).pages
        let index = try #require(pages["index.html"])
        for sentence in [
            "1 scan failed: not analysed", "1 scan without tissue: not graded", "strip 3 is cut short",
            "The file is damaged",
            "the file does not tell its spacing; N um/px was assumed",
        ] {
            #expect(index.contains(sentence), "\(sentence)")
        }
        let all = pages.values.joined()
        #expect(all.contains("✖ FAILED. This scan was not analysed."))
        #expect(all.contains("▲ NO TISSUE was seen"))
        for fact in [
            "oneDNN 2.6.3, float32, avx2", "glands.onnx 07070707", "0.500 µm/px, from the file (ome)",
            "confidence 80 %",
        ] {
            #expect(all.contains(fact), "\(fact)")
        }
    }

    /// A count is no grade, and nobody is a hundred percent sure of it.
    @Test func countsAreSaidAsCounts() throws {
        let weeks = try RecordedWeeks()
        let run = try weeks.night([("P1", "P1/smear.tif", .counted)])
        let pages = try weeks.report(FindingFilter(run: run)).pages
        #expect(pages["patient-00001.html"]?.contains("<strong>21 RBC, 2 Platelets, 1 WBC</strong> (cells,") == true)
        #expect(pages.values.allSatisfy { !$0.contains("100 %") })
    }

    @Test func pseudonymsLeaveNothingOfThePatient() throws {
        let (weeks, run) = try night()
        let key = weeks.folder["key"]
        try Data((0..<64).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }).write(to: URL(filePath: key))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
        let report = try weeks.report(
            FindingFilter(run: run), pseudonyms: Pseudonyms(key: PseudonymKey(path: key)))
        for page in report.pages.values {
            #expect(!page.contains("CANARY") && !page.contains("canary") && !page.contains("2023-11"))
        }
        #expect(report.pages["index.html"]?.contains("patient-") == true)
    }

    @Test func aPatientsReportIsOfThatPatientAlone() throws {
        let (weeks, _) = try night()
        let report = try weeks.report(FindingFilter(patient: "P-CANARY-2"))
        #expect(report.names == ["index.html", "patient-00001.html", "style.css"])
        #expect(report.pages.values.allSatisfy { !$0.contains("P-CANARY-1") })
    }

    @Test func anEarlierReportIsReplacedWholly() throws {
        let (weeks, run) = try night()
        _ = try weeks.report(FindingFilter(run: run))
        try weeks.folder.write("report/notes.txt", "mine")
        let report = try weeks.report(FindingFilter(patient: "P-CANARY-2"))
        #expect(report.names == ["index.html", "notes.txt", "patient-00001.html", "style.css"])
    }

    /// A night whose sharpness and grades are not those of the weeks before.
    @Test func aDriftLeavesItsBand() throws {
        let weeks = try RecordedWeeks()
        for night in 0..<10 {
            try weeks.night(
                (0..<6).map { scan in
                    let sharpness = 10 + Double((night * 5 + scan * 3) % 7) / 10
                    return ("P\(scan)", "P\(scan)/\(night).tif", .graded(sharpness: sharpness))
                })
        }
        let steady = try weeks.report(FindingFilter(run: 10)).pages["index.html"] ?? ""
        #expect(steady.contains("Nothing to look at first") && !steady.contains("the band of the weeks before</a>"))
        let run = try weeks.night(
            (0..<6).map { ("P\($0)", "P\($0)/drift.tif", .graded("Normal", confidence: 0.6, sharpness: 4)) })
        let index = try #require(try weeks.report(FindingFilter(run: run)).pages["index.html"])
        #expect(index.contains("lies BELOW the band"))
        #expect(index.contains("left the band of the weeks before"))
        #expect(index.contains("6 scans with an outlying quality measure"))
    }

    /// What failed in the other run must not look as if it had not been.
    @Test func anotherPipelineOfTheSameNightIsNamed() throws {
        let weeks = try RecordedWeeks()
        let earlier = try weeks.night([("P1", "P1/a.tif", .broken)])
        let first = try weeks.night([("P1", "P1/a.tif", .broken)])
        let second = try weeks.night([("P1", "P1/a.tif", .graded())], isTheLast: true)
        let page = try #require(try weeks.report(FindingFilter(run: second)).pages["index.html"])
        #expect(page.contains("report --run \(first)") && !page.contains("report --run \(earlier)"))
        #expect(!page.contains("Nothing to look at first"))
    }

    @Test func anEmptyNightIsAReport() throws {
        let weeks = try RecordedWeeks()
        let run = try weeks.night([])
        let report = try weeks.report(FindingFilter(run: run))
        #expect(report.names == ["index.html", "style.css"])
        #expect(report.pages["index.html"]?.contains("0 patients, by id") == true)
    }
}

/// What a page is made of, as an XML parser meets it.
private final class PageOutline: NSObject, XMLParserDelegate {
    var headings: [Int] = []
    var links: [String] = []
    var problems: [String] = []
    private var ids: Set<String> = []

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        if name.count == 2, name.first == "h", let level = Int(name.dropFirst()) { headings.append(level) }
        if name == "html", attributes["lang"] == nil { problems.append("no language") }
        if name == "svg", attributes["aria-hidden"] == nil, attributes["aria-label"]?.isEmpty != false {
            problems.append("a drawing without words")
        }
        if ["script", "iframe", "object", "form", "img"].contains(name) { problems.append("an element \(name)") }
        for (key, value) in attributes {
            if key.hasPrefix("on") || key == "style" { problems.append("an attribute \(key)") }
            if key == "href" || key == "src" {
                links.append(value)
                if value.contains(":") || value.hasPrefix("//") { problems.append("an address elsewhere") }
            }
            if key == "id", !ids.insert(value).inserted { problems.append("twice the id \(value)") }
        }
    }
}
