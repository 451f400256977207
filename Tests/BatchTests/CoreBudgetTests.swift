import Testing

@testable import Batch

@Suite struct CoreBudgetTests {
    @Test(arguments: [
        (1, 100, [1]), (2, 1, [2]), (4, 2, [2, 2]), (16, 3, [6, 5, 5]), (3, 3, [1, 1, 1]), (2, 0, [2]),
    ])
    func splitsCoresByScans(cores: Int, scans: Int, threads: [Int]) {
        #expect(CoreBudget(cores: cores, scans: scans).tileThreads == threads)
    }
}
