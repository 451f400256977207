import Foundation

/// The program's `serve` as a user runs it, until this value is gone, and requests to it byte by byte.
final class RunningViewer {
    let port: Int
    let token: String
    private let process = Process()

    /// The executable that was built with these tests, beside them.
    static let executable = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "scanreport")

    struct NoAddress: Error { let output: String }

    /// Whose folder goes with the value.
    private let scan: ViewedScan
    private let address: String
    private let log: URL

    /// - Parameters:
    ///   - scan: that is shown; its folder stays as long as this value.
    ///   - address: of this machine, that is listened on.
    init(_ scan: ViewedScan, listeningOn address: String = "127.0.0.1", options: [String] = []) throws {
        self.scan = scan
        self.address = address
        log = URL(filePath: scan.folder["log-\(UUID().uuidString)"])
        try Data().write(to: log)
        let output = Pipe()
        process.executableURL = Self.executable
        process.arguments = ["serve", "--database", scan.database, "--port", "0", "--listen", address] + options
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: log)
        try process.run()
        var text = ""
        while !text.contains("\n") {
            let bytes = output.fileHandleForReading.availableData
            if bytes.isEmpty { throw NoAddress(output: text) }
            text += String(decoding: bytes, as: UTF8.self)
        }
        guard let match = text.firstMatch(of: /^http:\/\/([0-9.]+):([0-9]+)\/\?token=([0-9a-f]{64})\n/),
            String(match.1) == address, let port = Int(match.2)
        else { throw NoAddress(output: text) }
        self.port = port
        token = String(match.3)
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
    }

    var isRunning: Bool { process.isRunning }

    /// Ends it after a while from one moment to the next, as the kernel does where memory runs out.
    func kill(after seconds: TimeInterval) {
        let number = process.processIdentifier
        Thread.detachNewThread {
            Thread.sleep(forTimeInterval: seconds)
            Glibc.kill(number, SIGKILL)
        }
    }

    /// What it has said on standard error so far.
    var said: String { get throws { try String(contentsOf: log, encoding: .utf8) } }

    struct Response {
        let status: Int
        /// In lower case, as they came.
        let head: String
        let body: Data

        var text: String { String(decoding: body, as: UTF8.self) }

        func header(_ name: String) -> String? {
            head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }
                .map { String($0.dropFirst(name.count + 2)) }
        }
    }

    /// The cookie that the token is exchanged for.
    func session() throws -> String {
        let answer = try send("GET /?token=\(token) HTTP/1.1\r\nHost: \(address):\(port)\r\nConnection: close\r\n\r\n")
        return answer.header("Set-Cookie").map { String($0.prefix { $0 != ";" }) } ?? ""
    }

    /// - Parameters:
    ///   - host: as the request names it; nil for the address that is listened on.
    ///   - place: the address that is connected to; nil for the same.
    func get(
        _ path: String, cookie: String, host: String? = nil, at place: String? = nil
    ) throws -> Response {
        try send(
            """
            GET \(path) HTTP/1.1\r\nHost: \(host ?? "\(address):\(port)")\r\nCookie: \(cookie)\r\n\
            Connection: close\r\n\r\n
            """, to: place)
    }

    func post(_ path: String, _ body: String, cookie: String, origin: String? = nil) throws -> Response {
        let origin = origin ?? "http://\(address):\(port)"
        return try send(
            """
            POST \(path) HTTP/1.1\r\nHost: \(address):\(port)\r\nCookie: \(cookie)\r\nOrigin: \(origin)\r\n\
            Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)
            """)
    }

    /// Sends bytes, and takes what comes until the server closes; empty where it answers nothing.
    func send(_ request: String, to place: String? = nil) throws -> Response {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(number) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr(place ?? self.address)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw POSIXError(.ECONNREFUSED) }
        var rest = Array(request.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        var answer = Data()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(number, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            answer.append(contentsOf: buffer[..<count])
        }
        let end = answer.range(of: Data("\r\n\r\n".utf8)) ?? answer.endIndex..<answer.endIndex
        let head = String(decoding: answer[..<end.lowerBound], as: UTF8.self)
        return Response(
            status: Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0, head: head,
            body: Data(answer[end.upperBound...]))
    }
}
