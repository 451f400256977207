import Foundation
import Testing

/// What does not come from the viewer's own pages in a browser that showed the token.
@Suite struct HostileRequestTests {
    let scan: ViewedScan
    let viewer: RunningViewer

    init() throws {
        scan = try ViewedScan()
        viewer = try RunningViewer(scan)
    }

    @Test(arguments: ["/", "/patients", "/scan/1", "/scan/1/tiles/0/0/0/0.jpg", "/viewer.js", "/nosuch"])
    func nothingIsShownWithoutTheToken(path: String) throws {
        let wrong = String(repeating: "0", count: 64)
        for cookie in ["", "scanreport-\(viewer.port)=\(wrong)", "scanreport-\(viewer.port)=\(viewer.token)"] {
            let answer = try viewer.get(path, cookie: cookie)
            #expect(answer.status == 401)
            #expect(!answer.text.contains("Canary"))
        }
        #expect(try viewer.get("/?token=\(wrong)", cookie: "").status == 401)
        #expect(try viewer.get("/?token=", cookie: "").status == 401)
    }

    @Test func theTokenIsExchangedForACookieThatScriptsDoNotSee() throws {
        let answer = try viewer.get("/?token=\(viewer.token)", cookie: "")
        #expect(answer.status == 303)
        #expect(answer.header("Location") == "/")
        let cookie = try #require(answer.header("Set-Cookie"))
        #expect(cookie.hasSuffix("; Path=/; HttpOnly; SameSite=Strict"))
        #expect(!cookie.contains(viewer.token))
        #expect(try viewer.get("/", cookie: viewer.session()).status == 200)
    }

    @Test(arguments: [
        "evil.example:PORT", "127.0.0.1", "127.0.0.1:1", "10.0.0.1:PORT", "", "127.0.0.1:PORT.evil.example",
    ])
    func aNameThatLeadsHereIsNotThisServer(host: String) throws {
        let cookie = try viewer.session()
        let host = host.replacingOccurrences(of: "PORT", with: String(viewer.port))
        let answer = try viewer.send(
            "GET / HTTP/1.1\r\nHost: \(host)\r\nCookie: \(cookie)\r\nConnection: close\r\n\r\n")
        #expect([421, 400].contains(answer.status))
        #expect(!answer.text.contains("Overview"))
    }

    @Test(arguments: ["http://evil.example", "null", "http://127.0.0.1:1", ""])
    func noOtherPageWrites(origin: String) throws {
        let cookie = try viewer.session()
        let review = "verdict=agreed&reviewer=Eve"
        #expect(try viewer.post("/scan/1/finding/0/review", review, cookie: cookie, origin: origin).status == 403)
        #expect(!FileManager.default.fileExists(atPath: scan.database + "-reviews"))
    }

    @Test(arguments: [
        "/../../../../etc/passwd", "/..%2f..%2fetc/passwd", "//etc/passwd", "/scan/1/../../findings.sqlite", "/scan/-1",
        "/scan/1/tiles/0/0/0/0.png", "/scan/1/tiles/0/99/0/0.jpg", "/scan/1/tiles/0/0/9999999999/0.jpg",
        "/scan/1/tiles/7/0/0/0.jpg", "/scan/99", "/scan/1e0", "/scan/99999999999999999999", "/patient/99", "/run/99",
        "/scan/1/finding/99", "/scan/1/thumbnail/0.jpg", "/Assets/viewer.js", "/%00", "/scan/1/beside/99",
    ])
    func whatIsNoPageIsNotThere(path: String) throws {
        let answer = try viewer.get(path, cookie: viewer.session())
        #expect([404, 400].contains(answer.status), "\(answer.head)")
        #expect(!answer.text.contains("root:"))
    }

    @Test func whatIsTooLargeIsRefusedAndTheNextRequestIsAnswered() throws {
        let cookie = try viewer.session()
        let long = String(repeating: "x", count: 100_000)
        let start = "GET / HTTP/1.1\r\nHost: 127.0.0.1:\(viewer.port)\r\n"
        #expect([0, 400, 431].contains(try viewer.send("\(start)X-Long: \(long)\r\n\r\n").status))
        let many = (0..<500).map { "X-\($0): 1\r\n" }.joined()
        #expect([0, 400, 431].contains(try viewer.send("\(start)\(many)\r\n").status))
        #expect([0, 400, 413].contains(try viewer.post("/patients", "text=" + long, cookie: cookie).status))
        #expect([0, 400].contains(try viewer.send("nonsense\r\n\r\n").status))
        #expect(
            try viewer.send("DELETE / HTTP/1.1\r\nHost: 127.0.0.1:\(viewer.port)\r\nCookie: \(cookie)\r\n\r\n").status
                == 405)
        #expect(try viewer.get("/", cookie: cookie).status == 200)
        #expect(viewer.isRunning)
    }

    /// A client that sends half a head and waits is sent away, and others are answered meanwhile.
    @Test(.timeLimit(.minutes(1))) func aSlowClientIsSentAway() throws {
        let answer = try viewer.send("GET / HTTP/1.1\r\nHost: 127.0")
        #expect(answer.status != 200)
        #expect(try viewer.get("/", cookie: viewer.session()).status == 200)
    }

    @Test(arguments: ["/", "/patients", "/scan/1", "/scan/1/findings/0.json", "/viewer.js", "/nosuch"])
    func everyAnswerKeepsTheBrowserToThisServer(path: String) throws {
        let answer = try viewer.get(path, cookie: viewer.session())
        let policy = try #require(answer.header("Content-Security-Policy"))
        #expect(
            policy.contains("default-src 'none'") && !policy.contains("unsafe")
                && policy.contains("frame-ancestors 'none'"))
        #expect(answer.header("X-Content-Type-Options") == "nosniff")
        #expect(answer.header("Cache-Control") == "no-store")
        #expect(answer.header("Referrer-Policy") == "no-referrer")
    }
}
