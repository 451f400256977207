import Foundation
import Testing

/// `SCANREPORT_KILLS` sets how often the viewer is killed.
@Suite struct KilledViewerTests {
    private let kills = ProcessInfo.processInfo.environment["SCANREPORT_KILLS"].flatMap(Int.init) ?? 6

    /// A review that was answered is kept, and neither the findings nor the reviews are ever damaged.
    @Test func aViewerThatIsKilledHarmsNothingAndKeepsWhatItHasAnswered() throws {
        let scan = try ViewedScan()
        let findings = try Data(contentsOf: URL(filePath: scan.database))
        for round in 0..<kills {
            let viewer = try RunningViewer(scan)
            let cookie = try viewer.session()
            viewer.kill(after: .random(in: 0.02...0.5))
            var answered: [String: String] = [:]
            for number in 0... {
                let finding = "\(number % 2)"
                let verdict = number % 3 == 0 ? "rejected" : "agreed"
                let answer = try? viewer.post(
                    "/scan/1/finding/\(finding)/review", "verdict=\(verdict)&reviewer=Round\(round)", cookie: cookie)
                // What was under way when it was killed is kept or not.
                answered[finding] = answer?.status == 200 ? verdict : nil
                if answer?.status != 200 { break }
            }
            while viewer.isRunning { Thread.sleep(forTimeInterval: 0.01) }

            // The pipeline of a drawn database is in no folder: that alone is amiss.
            let complaints = try complaints(about: scan)
            #expect(complaints.contains("\n1 wrong") && complaints.contains("\npipeline glands"), "\(complaints)")
            #expect(try Data(contentsOf: URL(filePath: scan.database)) == findings)
            let next = try RunningViewer(scan)
            let kept = try JSONDecoder().decode(
                [String: String].self, from: next.get("/scan/1/reviews.json", cookie: next.session()).body)
            for (finding, verdict) in answered {
                #expect(kept[finding] == verdict, "round \(round), finding \(finding)")
            }
        }
    }

    /// - Returns: what `verify` has to say, which asks SQLite for the integrity of both databases and holds all rows against the chain.
    private func complaints(about scan: ViewedScan) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = RunningViewer.executable
        process.arguments = ["verify", "--database", scan.database]
        process.standardOutput = output
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return said
    }
}
