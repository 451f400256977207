import TestSupport
import Testing

@testable import FindingStore

@Suite struct NetworkFileSystemTests {
    /// statfs(2) lists the numbers; on 64 bits those with the highest bit set come without a sign.
    @Test(
        arguments: [
            (0x6969, "NFS"), (0xFF53_4D42, "SMB"), (-11_317_950, "SMB"), (0xFE53_4D42, "SMB"), (0x0BD0_0BD0, "Lustre"),
            (0xEF53, nil), (0x0102_1994, nil), (0x5846_5342, nil),
        ] as [(Int, String?)])
    func itIsKnownByItsNumber(type: Int, name: String?) {
        #expect(NetworkFileSystem.name(ofType: type) == name)
    }

    @Test func theSystemIsAsked() throws {
        let folder = try TemporaryFolder()
        let store = try FindingStore.openForWriting(at: folder.database)
        #expect(store.networkFileSystem == nil)
    }
}
