import FindingStore
import Findings
import Foundation
import TestSupport
import Testing

@Suite struct ViewedScanTests {
    private func start(_ scan: ViewedScan) throws -> (RunningViewer, cookie: String) {
        let viewer = try RunningViewer(scan)
        return (viewer, try viewer.session())
    }

    @Test func pagesShowWhatTheDatabaseHoldsAndAddressesNameNobody() throws {
        let (viewer, cookie) = try start(ViewedScan())
        for path in [
            "/", "/patients", "/patient/1", "/findings", "/findings?label=Polyp&from=50&to=80", "/failures", "/runs",
            "/run/1", "/scan/1",
        ] {
            let answer = try viewer.get(path, cookie: cookie)
            #expect(answer.status == 200, "\(path)")
            let links = answer.text.matches(of: /(href|src|action)="([^"]*)"/).map { String($0.2) }
            #expect(
                !links.contains { $0.contains("Canary") || $0.contains("tif") || $0.contains("//") },
                "\(path): \(links)")
            #expect(!answer.text.contains("<b>7731"))
            #expect(!answer.text.contains("<script>") && !answer.text.contains(" style="))
        }
        #expect(try viewer.get("/findings?label=Polyp", cookie: cookie).text.contains("/scan/1#0"))
        #expect(try !viewer.get("/findings?label=Polyp&from=90", cookie: cookie).text.contains("/scan/1#0"))
        #expect(try viewer.post("/patients", "text=canary+%3Cb", cookie: cookie).text.contains("/patient/1"))
        #expect(try !viewer.post("/patients", "text=nobody", cookie: cookie).text.contains("/patient/1"))
    }

    @Test func tilesAreThePixelsOfTheFileAsLongAsItIsTheOneThatWasAnalysed() throws {
        let scan = try ViewedScan()
        let (viewer, cookie) = try start(scan)
        #expect(try viewer.get("/scan/1/standing", cookie: cookie).text == "\"open\"")
        // 600 pixels are three tiles at the deepest level.
        for path in ["0/0/0", "1/1/0", "2/2/1"] {
            let tile = try viewer.get("/scan/1/tiles/0/\(path).jpg", cookie: cookie)
            #expect(tile.status == 200, "\(path)")
            #expect(tile.body.starts(with: [0xFF, 0xD8, 0xFF]))
        }
        #expect(try viewer.get("/scan/1/tiles/0/2/3/0.jpg", cookie: cookie).status == 404)
        try Data("other bytes".utf8).write(to: URL(filePath: scan.file))
        #expect(try viewer.get("/scan/1/standing", cookie: cookie).text == "\"changed\"")
        #expect(try viewer.get("/scan/1/tiles/0/0/0/0.jpg", cookie: cookie).status == 503)
    }

    /// By a process that opens no file itself: of a scan of several, all are handed to it.
    @Test func tilesOfAScanOfSeveralFilesAreThoseOfItsPixels() throws {
        var slide = DrawnMIRAX(columns: 5, rows: 3, colour: ViewedScan.colour)
        slide.levels = 1
        let size = (width: slide.width, height: slide.height)
        let scan = try ViewedScan(slide: slide, size: size)
        let (viewer, cookie) = try start(scan)
        let (plain, plainCookie) = try start(ViewedScan(size: size))
        #expect(try viewer.get("/scan/1/standing", cookie: cookie).text == "\"open\"")
        for path in ["0/0/0", "1/1/0", "2/2/1"] {
            let tile = try viewer.get("/scan/1/tiles/0/\(path).jpg", cookie: cookie)
            #expect(tile.status == 200 && tile.body.starts(with: [0xFF, 0xD8, 0xFF]), "\(path)")
            #expect(try tile.body == plain.get("/scan/1/tiles/0/\(path).jpg", cookie: plainCookie).body, "\(path)")
        }
        // Of the part alone, not of the file that the scan is known by.
        try Data("other bytes".utf8).write(to: URL(filePath: scan.folder["scans/P1/a/Data0000.dat"]))
        #expect(try viewer.get("/scan/1/standing", cookie: cookie).text == "\"changed\"")
        #expect(try viewer.get("/scan/1/tiles/0/0/0/0.jpg", cookie: cookie).status == 503)
    }

    @Test func aFileThatIsGoneIsSaidToBe() throws {
        let scan = try ViewedScan()
        try FileManager.default.removeItem(atPath: scan.file)
        let (viewer, cookie) = try start(scan)
        #expect(try viewer.get("/scan/1/standing", cookie: cookie).text == "\"missing\"")
        #expect(try viewer.get("/scan/1", cookie: cookie).status == 200)
    }

    @Test func aFileThatCannotBeReadIsAnErrorOfItsTilesAlone() throws {
        let (viewer, cookie) = try start(ViewedScan(content: Array("II*\u{0}damaged beyond repair".utf8)))
        #expect(try viewer.get("/scan/1/standing", cookie: cookie).text == "\"open\"")
        for _ in 0..<3 { #expect(try viewer.get("/scan/1/tiles/0/0/0/0.jpg", cookie: cookie).status == 502) }
        #expect(try viewer.get("/scan/1", cookie: cookie).status == 200)
    }

    @Test func findingsComeWithTheirOutlinesAndProvenance() throws {
        let (viewer, cookie) = try start(ViewedScan())
        let json = try viewer.get("/scan/1/findings/0.json", cookie: cookie).text
        #expect(json.contains("[0,0,0,600,20,40,50,30,[[20,40,50,0,0,30,-50,0]]]"), "\(json)")
        #expect(json.contains("\"name\":\"Polyp\""))
        let panel = try viewer.get("/scan/1/finding/0", cookie: cookie).text
        #expect(panel.contains("60 %") && panel.contains("glands") && panel.contains("Nobody has reviewed it"))
    }

    @Test(arguments: [
        ("least", "#0", "60 %", "3"), ("most", "#1", "90 %", "3"), ("most&to=80", "#2", "70 %", "2"),
        ("least&label=Normal", "#1", "90 %", "1"),
    ])
    func scansAreFoundByTheConfidenceOfTheirFindings(order: String, finding: String, share: String, count: String)
        throws
    {
        let (viewer, cookie) = try start(ViewedScan())
        let page = try viewer.get("/findings?rows=scan&order=\(order)", cookie: cookie).text
        #expect(page.contains(">1 scan<"), "\(page)")
        #expect(page.matches(of: /href="\/scan\/1(#[0-9]+)"/).map { String($0.1) } == [finding])
        #expect(page.contains(share) && page.contains(">\(count)</td>"), "\(page)")
    }

    @Test func reviewsAreKeptBesideTheDatabaseWhichStaysAsItIs() throws {
        let scan = try ViewedScan()
        let before = try Data(contentsOf: URL(filePath: scan.database))
        let (viewer, cookie) = try start(scan)
        let path = "/scan/1/finding/0/review"
        for wrong in [
            "verdict=agreed", "verdict=relabelled&reviewer=Eve", "verdict=noted&reviewer=Eve", "verdict=x&reviewer=Eve",
        ] {
            #expect(try viewer.post(path, wrong, cookie: cookie).status == 422, "\(wrong)")
        }
        let panel = try viewer.post(
            path, "verdict=relabelled&label=Normal&note=%3Ci%3E&reviewer=Dr.+Eve", cookie: cookie)
        #expect(panel.status == 200)
        #expect(panel.text.contains("Dr. Eve") && panel.text.contains("&lt;i&gt;"))
        #expect(try viewer.get("/scan/1/reviews.json", cookie: cookie).text == "{\"0\":\"relabelled\"}")
        #expect(
            try viewer.post("/scan/1/finding/9/review", "verdict=agreed&reviewer=Eve", cookie: cookie).status == 404)
        #expect(try Data(contentsOf: URL(filePath: scan.database)) == before)
        let reviews = try #require(try FindingStore.openForReading(at: scan.database).reviews())
        #expect(reviews.values.map(\.label) == ["Normal"])
        let attributes = try FileManager.default.attributesOfItem(atPath: scan.database + "-reviews")
        #expect((attributes[.posixPermissions] as? Int) == 0o600)
    }

    /// It stays open from question to question, and is yet the one that lies there.
    @Test func aDatabaseThatIsReplacedOrGoneIsNoticedAtTheNextPage() throws {
        let (scan, other) = (try ViewedScan(), try ViewedScan())
        _ = try FindingStore.openForWriting(at: other.database).forget(patient: ViewedScan.patient)
        let (viewer, cookie) = try start(scan)
        for _ in 0..<8 { #expect(try viewer.get("/scan/1", cookie: cookie).status == 200) }
        for suffix in ["-shm", "-wal", ""] {
            #expect(rename(other.database + suffix, scan.database + suffix) == 0)
        }
        for _ in 0..<8 { #expect(try viewer.get("/scan/1", cookie: cookie).status == 404) }
        try FileManager.default.removeItem(atPath: scan.database)
        for _ in 0..<8 { #expect(try viewer.get("/scan/1", cookie: cookie).status == 503) }
    }

    @Test func whatARunWritesShowsAtTheNextPageAndItsEndEmptiesTheLog() throws {
        let scan = try ViewedScan()
        let (viewer, cookie) = try start(scan)
        for _ in 0..<8 { #expect(try !viewer.get("/runs", cookie: cookie).text.contains("run/2")) }
        let store = try FindingStore.openForWriting(at: scan.database)
        _ = try scan.beginRun(in: store)
        for _ in 0..<8 { #expect(try viewer.get("/runs", cookie: cookie).text.contains("run/2")) }
        // The viewer lets go of the database soon after the last question.
        Thread.sleep(forTimeInterval: 2)
        try store.close()
        #expect(try Data(contentsOf: URL(filePath: scan.database + "-wal")).isEmpty)
    }

    @Test func whatWasErasedIsShownNoMore() throws {
        let scan = try ViewedScan()
        let (viewer, cookie) = try start(scan)
        #expect(try viewer.get("/scan/1/findings/0.json", cookie: cookie).status == 200)
        #expect(try viewer.get("/scan/1/tiles/0/0/0/0.jpg", cookie: cookie).status == 200)
        #expect(
            try viewer.post("/scan/1/finding/0/review", "verdict=agreed&reviewer=Eve", cookie: cookie).status == 200)
        let erasure = try FindingStore.openForWriting(at: scan.database).forget(patient: ViewedScan.patient)
        #expect(erasure?.reviews == 1)
        for path in [
            "/scan/1", "/patient/1", "/scan/1/findings/0.json", "/scan/1/tiles/0/0/0/0.jpg", "/scan/1/finding/0",
        ] {
            #expect(try viewer.get(path, cookie: cookie).status == 404, "\(path)")
        }
        #expect(
            try !String(decoding: Data(contentsOf: URL(filePath: scan.database + "-reviews")), as: UTF8.self).contains(
                "Eve"))
    }
}
