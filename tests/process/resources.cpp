// A resource is in memory once, however many workers read it.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <sstream>

#include "common/whole_file.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

constexpr std::uint64_t kMebibyte = 1 << 20;
constexpr std::uint64_t kResource = 256 * kMebibyte;
constexpr std::uint64_t kWorkers = 8;
constexpr std::uint64_t kOfItsOwn = 16 * kMebibyte;  // a worker's program and libraries

// A worker's share of file pages: of a page that n processes map, each has an nth part. Bytes.
std::uint64_t file_share(int pid) {
  std::istringstream rollup(
      read_whole_file(fmt::format("/proc/{}/smaps_rollup", pid)).value_or(""));
  for (std::string word; rollup >> word;) {
    std::uint64_t kibibytes = 0;
    if (word == "Pss_File:" && rollup >> kibibytes) return kibibytes << 10;
  }
  return 0;
}

TEST_CASE("eight workers with a resource of 256 MB hold it once") {
  ScratchFolder folder;
  const auto file = folder.path() / "large.bin";
  write_text(file, "begins");
  std::filesystem::resize_file(file, kResource);
  SpecText spec;
  spec.configs = 100'000;
  spec.parameters = "read = \"large\"";
  spec.of_workers =
      fmt::format("count = {}\n[[resource]]\nname = \"large\"\npath = \"large.bin\"", kWorkers);
  const auto dir = folder.path() / "run";
  JoustProcess running({"run", write_spec(folder.path(), spec).string(), "--out", dir.string()});

  // a worker has read the whole file once it has a result
  std::vector<int> workers;
  std::uint64_t sum = 0;
  const auto all_have_it = [&] {
    workers = running.workers();
    std::uint64_t least = kResource;
    sum = 0;
    for (const int pid : workers) {
      const std::uint64_t share = file_share(pid);
      least = std::min(least, share);
      sum += share;
    }
    return workers.size() == kWorkers && least >= kResource / kWorkers;
  };
  REQUIRE(eventually(seconds(60), [&] { return results_in(dir) > 0 && all_have_it(); }));
  running.signal(SIGINT);
  running.signal(SIGINT);
  CHECK(running.wait() == 130);

  CHECK(workers.size() == kWorkers);
  CAPTURE(sum / kMebibyte);
  CHECK(sum > kResource / 2);
  CHECK(sum < kResource + kWorkers * kOfItsOwn);
}

}  // namespace
}  // namespace joust::test
