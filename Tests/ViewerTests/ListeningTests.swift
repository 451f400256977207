import Foundation
import Testing
import Viewer

/// Where other machines may come in: played by other addresses of this one.
@Suite struct ListeningTests {
    private let scan: ViewedScan

    init() throws { scan = try ViewedScan() }

    @Test func onlyTheAddressThatIsListenedOnAnswers() throws {
        let viewer = try RunningViewer(scan, listeningOn: "127.0.0.2")
        let cookie = try viewer.session()
        #expect(try viewer.get("/patients", cookie: cookie).text.contains("Canary"))
        for place in ["127.0.0.1", "127.0.0.3"] {
            #expect(throws: POSIXError.self) { try viewer.get("/", cookie: cookie, at: place) }
        }
    }

    @Test(arguments: ["127.0.0.2", "0.0.0.0"])
    func withoutTheTokenAndFromOtherPagesNothingIsShownOrWritten(address: String) throws {
        let viewer = try RunningViewer(scan, listeningOn: address)
        let cookie = try viewer.session()
        let review = "/scan/1/finding/0/review"
        #expect(try viewer.post(review, "verdict=agreed&reviewer=Eve", cookie: cookie).status == 200)

        let wrong = String(repeating: "0", count: 64)
        for cookie in ["", "scanreport-\(viewer.port)=\(wrong)"] {
            let answer = try viewer.get("/patients", cookie: cookie)
            #expect(answer.status == 401 && !answer.text.contains("Canary"))
            #expect(try viewer.post(review, "verdict=rejected&reviewer=Eve", cookie: cookie).status == 401)
        }
        #expect(try viewer.get("/?token=\(wrong)", cookie: "").status == 401)
        for host in ["evil.example:\(viewer.port)", "\(address):1", "\(address).evil.example:\(viewer.port)"] {
            let answer = try viewer.get("/patients", cookie: cookie, host: host)
            #expect(answer.status == 421 && !answer.text.contains("Canary"), "\(host)")
        }
        for origin in ["http://evil.example", "http://127.0.0.9:\(viewer.port)", "null", ""] {
            let answer = try viewer.post(review, "verdict=rejected&reviewer=Eve", cookie: cookie, origin: origin)
            #expect(answer.status == 403, "\(origin)")
        }
        #expect(try viewer.get("/scan/1/reviews.json", cookie: cookie).text == "{\"0\":\"agreed\"}")
        // Neither patients nor reviewers, labels or addresses that were asked for.
        let said = try viewer.said
        #expect(!["Canary", "Eve", "Polyp", "/scan/1", viewer.token].contains { said.contains($0) }, "\(said)")
    }

    /// Whoever listens on all addresses is asked for by any of them.
    @Test func allAddressesAreOnesOwnWhereAllAreListenedOn() throws {
        let viewer = try RunningViewer(scan, listeningOn: "0.0.0.0")
        let cookie = try viewer.session()
        for place in ["127.0.0.1", "127.0.0.2"] {
            let answer = try viewer.get("/", cookie: cookie, host: "\(place):\(viewer.port)", at: place)
            #expect(answer.status == 200)
        }
    }

    @Test func anAddressThatIsNobodysIsToldWithItsExitCode() throws {
        let process = Process()
        process.executableURL = RunningViewer.executable
        process.arguments = ["serve", "--database", scan.database, "--port", "0", "--listen", "192.0.2.1"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 73)
    }
}

/// The processes that read scans, played by a shell.
@Suite struct ConfinementTests {
    private let scan: ViewedScan

    init() throws { scan = try ViewedScan() }

    /// - Returns: what was warned of.
    private func start(_ script: String, requiresConfinement: Bool) throws -> [String] {
        var warnings: [String] = []
        _ = try ViewerServer(
            database: scan.database, address: "127.0.0.1", port: 0,
            reader: TileReaderCommand(executable: "/bin/sh", arguments: ["-c", script, "tiles"]),
            requiresConfinement: requiresConfinement
        ) { warnings.append($0) }
        return warnings
    }

    /// Such a process ends with 77 where it is told to insist.
    private static let unconfined = #"[ "$1" != --require-confinement ] || exit 77"#

    @Test func whereTheKernelDoesNotConfineItIsToldOrRefused() throws {
        #expect(try start(Self.unconfined, requiresConfinement: false).count == 1)
        let error = #expect(throws: ViewerError.self) { try start(Self.unconfined, requiresConfinement: true) }
        #expect(error?.kind == .unconfined)
        for requires in [false, true] { #expect(try start("exit 0", requiresConfinement: requires).isEmpty) }
    }

    /// Confined or refused: never silently neither.
    @Test func theProgramInsistsWhereItIsTold() throws {
        let viewer: RunningViewer
        do {
            viewer = try RunningViewer(scan, options: ["--require-confinement"])
        } catch is RunningViewer.NoAddress {
            return
        }
        #expect(try viewer.said.isEmpty)
        #expect(try viewer.get("/scan/1/tiles/0/0/0/0.jpg", cookie: viewer.session()).status == 200)
    }
}
