import Findings
import TestSupport
import Testing

@testable import Batch

@Suite struct ShardTests {
    /// A contract: a scan that had another number would be analysed again by every shard.
    @Test(arguments: [
        ("P1/a.tif", 4, 2), ("P1/b.tif", 4, 1), ("P2/a.tif", 4, 4), ("DEMO0001/DEMO0001-01.tif", 4, 2),
    ])
    func aPlaceHasTheSameNumberForEver(path: String, count: Int, number: Int) {
        #expect(Shard.number(of: ScanPath(path), among: count) == number)
    }

    @Test func everyPlaceIsInOneShard() {
        let shards = (1...7).compactMap { Shard($0, of: 7) }
        for number in 0..<200 {
            let path = ScanPath("P\(number % 9)/\(number).tif")
            #expect(shards.count { $0.contains(path) } == 1)
        }
    }

    /// Of 10,000 scans whose sizes differ tenfold, the largest of four shards is within 10 % of the mean.
    @Test func shardsAreEvenByBytes() {
        var bytes = [Int](repeating: 0, count: 4)
        for number in 0..<10_000 {
            let path = ScanPath("patient-\(number / 3)/slide-\(number).tif")
            bytes[Shard.number(of: path, among: 4) - 1] += 100 + number * 7919 % 900
        }
        let mean = Double(bytes.reduce(0, +)) / 4
        for part in bytes { #expect(abs(Double(part) - mean) < mean / 10, "\(bytes)") }
    }

    @Test(arguments: ["", "1", "0/4", "5/4", "1/0", "1/4/2", "a/b", "-1/4", "1/10001", "1/"])
    func whatIsNoPartIsRefused(text: String) {
        #expect(Shard(text) == nil)
    }
}
