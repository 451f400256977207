import Foundation

/// The program's `serve` as a user runs it, until this value is gone, and requests to it byte by byte.
final class RunningViewer {
    let port: Int
    let token: String
    private let process = Process()

    /// The executable that was built with these tests, beside them.
    private static let executable = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "scanreport")

    struct NoAddress: Error { let output: String }

    /// Whose folder goes with the value.
    private let scan: ViewedScan

    /// - Parameter scan: that is shown; its folder stays as long as this value.
    init(_ scan: ViewedScan) throws {
        self.scan = scan
        let output = Pipe()
        process.executableURL = Self.executable
        process.arguments = ["serve", "--database", scan.database, "--port", "0"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        try process.run()
        var text = ""
        while !text.contains("\n") {
            let bytes = output.fileHandleForReading.availableData
            if bytes.isEmpty { throw NoAddress(output: text) }
            text += String(decoding: bytes, as: UTF8.self)
        }
        guard let match = text.firstMatch(of: /^http:\/\/127\.0\.0\.1:([0-9]+)\/\?token=([0-9a-f]{64})\n/),
            let port = Int(match.1)
        else { throw NoAddress(output: text) }
        self.port = port
        token = String(match.2)
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
    }

    var isRunning: Bool { process.isRunning }

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
        let answer = try send("GET /?token=\(token) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n")
        return answer.header("Set-Cookie").map { String($0.prefix { $0 != ";" }) } ?? ""
    }

    func get(_ path: String, cookie: String) throws -> Response {
        try send("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nCookie: \(cookie)\r\nConnection: close\r\n\r\n")
    }

    func post(_ path: String, _ body: String, cookie: String, origin: String? = nil) throws -> Response {
        let origin = origin ?? "http://127.0.0.1:\(port)"
        return try send(
            """
            POST \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nCookie: \(cookie)\r\nOrigin: \(origin)\r\n\
            Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)
            """)
    }

    /// Sends bytes, and takes what comes until the server closes; empty where it answers nothing.
    func send(_ request: String) throws -> Response {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(number) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
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
