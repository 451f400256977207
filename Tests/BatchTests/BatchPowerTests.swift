import Foundation
import Testing

/// A night whose disk loses its power, again and again, under a batch that is stopped or that writes.
///
/// `SCANREPORT_POWER_CUTS` sets how often; not at all unless it is set.
@Suite struct BatchPowerTests {
    private static let cuts = count("SCANREPORT_POWER_CUTS", otherwise: 0)
    private static let disks = cuts > 0 ? PowerlessDisk.Kind.allCases.filter(\.isAvailable) : []

    @Test(
        .enabled(if: cuts > 0, "SCANREPORT_POWER_CUTS asks for none"),
        .enabled(if: cuts == 0 || !disks.isEmpty, "takes root, loop devices, and mkfs.ext4 or mkfs.xfs"),
        arguments: disks)
    func losesNoAcknowledgedScan(kind: PowerlessDisk.Kind) async throws {
        let (cut, spared) = (try Night(databaseFolder: "disk"), try Night())
        let scans = 20 * Self.cuts
        for number in 0..<scans {
            for night in [cut, spared] { try night.scan("P\(number % 5)/\(number).tif", "slow 10 \(number)") }
        }
        let disk = try PowerlessDisk(kind, image: cut.folder["image"], folder: cut.folder["disk"])
        var acknowledged: Set<String> = []
        for number in 0..<Self.cuts {
            let batch = try BatchProcess(cut)
            try await Task.sleep(for: .milliseconds(Int.random(in: 1...600)))
            if number % 2 == 0 { try batch.stop() }
            acknowledged.formUnion(batch.acknowledged)
            try disk.losePower()
            batch.kill()
            batch.wait()
            disk.unmount()
            try disk.mount()
            if FileManager.default.fileExists(atPath: cut.database) {
                try cut.expectSoundDatabase(acknowledged: Array(acknowledged), "\(kind), cut \(number)")
            } else {
                #expect(acknowledged.isEmpty)
            }
        }
        #expect(!acknowledged.isEmpty)
        #expect(try BatchProcess(cut).wait() == 0)
        #expect(try BatchProcess(spared).wait() == 0)
        try cut.expectSoundDatabase(acknowledged: Array(acknowledged))
        #expect(try cut.findings() == spared.findings())
    }
}

extension BatchProcess {
    /// Stops it, and waits until none of its threads runs or writes.
    fileprivate func stop() throws {
        kill(SIGSTOP)
        let threads = "/proc/\(identifier)/task"
        func isStopped(_ thread: String) -> Bool {
            // "number (name) state ..."
            let line = (try? String(contentsOfFile: "\(threads)/\(thread)/stat", encoding: .utf8)) ?? ""
            return line.split(separator: ")").last?.hasPrefix(" T") ?? true
        }
        while isRunning, try !FileManager.default.contentsOfDirectory(atPath: threads).allSatisfy(isStopped) {
            usleep(1000)
        }
    }
}
