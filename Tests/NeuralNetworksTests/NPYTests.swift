import NeuralNetworks
import Testing

@Suite struct NPYTests {
    static let tensors = [
        Tensor(shape: [2, 3], [0.5, -1, .infinity, 3, 1e-30, -0.0] as [Float]),
        Tensor(shape: [], [7] as [Int64]),
        Tensor(shape: [3], [1, -2, .max] as [Int32]),
        Tensor(shape: [1, 0, 4], [] as [Float]),
        Tensor(shape: [2, 1, 2], [true, false, false, true]),
        Tensor(shape: [3], storage: .uint8([0, 128, 255])),
        Tensor(shape: [3], storage: .int8([-128, -1, 127])),
    ]

    @Test(arguments: tensors) func readsWhatItWrote(_ tensor: Tensor) throws {
        let bytes = NPY.encode(tensor)
        #expect(try NPY.decode(bytes) == tensor)
        #expect((bytes.count - tensor.type.byteCount) % 64 == 0)
    }

    @Test func readsNumPysHeader() throws {
        let header = "{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }"
        let bytes = [0x93] + Array("NUMPY".utf8) + [2, 0, UInt8(header.utf8.count), 0, 0, 0] + header.utf8
        #expect(try NPY.decode(bytes + [1, 0, 0, 0, 255, 255, 255, 255]) == Tensor(shape: [2], [1, -1] as [Int32]))
    }

    static let broken: [(header: String, kind: NPYError.Kind)] = [
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", .unsupported),
        ("{'descr': '<f4', 'fortran_order': True, 'shape': (2,), }", .unsupported),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", .malformed),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }", .malformed),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", .malformed),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (2", .malformed),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': 2}", .malformed),
        ("{'descr': '<f4', 'fortran_order': False}", .malformed),
        ("", .malformed),
    ]

    @Test(arguments: broken) func refusesBrokenHeaders(_ header: String, _ kind: NPYError.Kind) {
        let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + header.utf8
        #expect { try NPY.decode(bytes + [UInt8](repeating: 0, count: 8)) } throws: { ($0 as? NPYError)?.kind == kind }
    }

    @Test func refusesEveryCutFile() {
        let bytes = NPY.encode(Self.tensors[0])
        for length in 0..<bytes.count {
            #expect(throws: NPYError.self) { try NPY.decode(Array(bytes.prefix(length))) }
        }
    }
}
