import Findings
import Foundation
import Testing

@testable import Batch

struct FramesTests {
    private func append(_ bytes: some Sequence<UInt8>, to decoder: inout FrameDecoder) {
        Array(bytes).withUnsafeBytes { decoder.append($0) }
    }

    @Test func survivesAnyCutOfTheStream() throws {
        let finding = Finding(
            ordinal: 0, kind: .region, label: "é", confidence: 0.1 + 0.2, rawConfidence: 1.0 / 3,
            box: .init(x: 1, y: 2, width: 3, height: 4),
            centroid: .init(x: .leastNonzeroMagnitude, y: 1.7976931348623157e308),
            areaPixels: .max, areaSquareMicrometres: nil, probabilities: [], measurements: ["a": -0.0],
            geometry: Data((0...255).map { UInt8($0) }))
        let stream = try Frame.encode(WorkerMessage.findings([finding])) + Frame.encode(WorkerMessage.findings([]))
        for step in [1, 3, stream.count] {
            var decoder = FrameDecoder()
            var received: [[Finding]] = []
            for start in Swift.stride(from: 0, to: stream.count, by: step) {
                append(stream[start..<min(start + step, stream.count)], to: &decoder)
                while case .findings(let findings) = try decoder.next(WorkerMessage.self) { received.append(findings) }
            }
            #expect(received == [[finding], []])
            #expect(!decoder.isWithinFrame)
        }
    }

    @Test(
        arguments: [
            ([0xFF, 0xFF, 0xFF, 0xFF], FrameError.tooLong), ([0x01, 0x00, 0x00, 0x04], .tooLong),
            ([2, 0, 0, 0, 0x7B, 0x7D], .undecodable), ([0, 0, 0, 0], .undecodable),
            ([4, 0, 0, 0, 1, 2, 3, 4], .undecodable),
        ] as [([UInt8], FrameError)])
    func refusesNonsense(bytes: [UInt8], error: FrameError) {
        var decoder = FrameDecoder()
        append(bytes, to: &decoder)
        #expect(throws: error) { _ = try decoder.next(WorkerMessage.self) }
    }

    @Test func waitsForTheRestOfAFrame() throws {
        var decoder = FrameDecoder()
        append([4, 0, 0, 0, 0x7B], to: &decoder)
        let message = try decoder.next(WorkerMessage.self)
        #expect(message == nil)
        #expect(decoder.isWithinFrame)
    }

    @Test func refusesNumbersThatAreNotFinite() {
        #expect(throws: FrameError.unencodable) { _ = try Frame.encode(["confidence": Double.nan]) }
    }
}
