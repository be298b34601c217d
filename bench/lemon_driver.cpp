// Times LEMON's maximum-weight matching on one instance; built by bench/matching.py where a compiler and LEMON are there.
// Input: two 64-bit numbers, people and pairs; then for each pair three 64-bit numbers, both people and the weight.
// Output: seconds of the search alone, weight of the matching.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <vector>

#include <lemon/matching.h>
#include <lemon/smart_graph.h>

int main(int count, char **arguments) {
    std::FILE *file = count == 2 ? std::fopen(arguments[1], "rb") : nullptr;
    std::int64_t sizes[2];
    if (!file || std::fread(sizes, sizeof sizes, 1, file) != 1) return 2;
    std::vector<std::int64_t> rows(3 * sizes[1]);
    if (std::fread(rows.data(), sizeof(std::int64_t), rows.size(), file) != rows.size()) return 2;
    lemon::SmartGraph graph;
    graph.reserveNode(sizes[0]);
    graph.reserveEdge(sizes[1]);
    std::vector<lemon::SmartGraph::Node> people;
    for (std::int64_t v = 0; v < sizes[0]; ++v) people.push_back(graph.addNode());
    lemon::SmartGraph::EdgeMap<std::int64_t> weight(graph);
    for (std::size_t k = 0; k < rows.size(); k += 3) weight[graph.addEdge(people[rows[k]], people[rows[k + 1]])] = rows[k + 2];
    const auto start = std::chrono::steady_clock::now();
    lemon::MaxWeightedMatching<lemon::SmartGraph, lemon::SmartGraph::EdgeMap<std::int64_t>> matching(graph, weight);
    matching.run();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::printf("%.6f %lld\n", seconds.count(), static_cast<long long>(matching.matchingWeight()));
}
