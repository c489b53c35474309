// One supervisor that loses worker after worker for as long as one cares to wait: it must not grow.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

#include "runner/os/process_state.hpp"
#include "tests/soak/soak_time.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_probe.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

struct Sample {
  double seconds = 0;
  double rss_kib = 0;
  double descriptors = 0;
  double mappings = 0;
  double shared = 0;       // names of ours in /dev/shm
  double world_bytes = 0;  // of the run directory, for each world
  double worlds = 0;       // done
};

double bytes_in(const fs::path& folder) {
  double bytes = 0;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file(error)) continue;
    const auto size = entry.file_size(error);
    if (!error) bytes += static_cast<double>(size);
  }
  return bytes;
}

double median_of(const std::vector<Sample>& samples, double Sample::*what, std::size_t from,
                 std::size_t to) {
  std::vector<double> values;
  for (std::size_t i = from; i < to; ++i) values.push_back(samples[i].*what);
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// The medians of the second and of the last quarter.
struct Trend {
  Trend(const std::vector<Sample>& samples, double Sample::*what)
      : early(median_of(samples, what, samples.size() / 4, samples.size() / 2)),
        late(median_of(samples, what, samples.size() * 3 / 4, samples.size())) {}
  double early;
  double late;
};

double worlds_per_second(const std::vector<Sample>& samples, std::size_t from, std::size_t to) {
  return (samples[to].worlds - samples[from].worlds) /
         (samples[to].seconds - samples[from].seconds);
}

TEST_CASE("a supervisor whose workers keep dying does not grow") {
  SpecText spec = busy_worlds(1'000'000, "2ms");
  spec.of_tournament = "runs = 1000";  // more worlds than anybody waits for
  spec.of_workers = "count = 2\nfrozen_timeout = \"100ms\"";
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  JoustProcess process({"run", write_spec(folder.path(), spec).string(), "--out", dir.string(),
                        "--quiet", "--chaos", "kill=20/s,stop=1/s"});
  REQUIRE(eventually(seconds(20), [&] { return results_in(dir) > 0; }));
  constexpr std::size_t kSamples = 80;
  const auto start = std::chrono::steady_clock::now();
  const auto length = soak_time() / 2;
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < kSamples; ++i) {
    const auto due = start + length * i / kSamples;
    eventually(length, [&] { return std::chrono::steady_clock::now() >= due; });
    REQUIRE(process.runs());
    Sample sample;
    sample.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    sample.rss_kib = static_cast<double>(os::look_at(process.pid()).rss) / 1024;
    sample.descriptors = static_cast<double>(open_descriptors(process.pid()));
    sample.mappings = static_cast<double>(mappings(process.pid()));
    sample.shared = static_cast<double>(shared_memory_names().size());
    sample.worlds = static_cast<double>(results_in(dir));
    sample.world_bytes = bytes_in(dir) / sample.worlds;
    samples.push_back(sample);
  }
  process.signal(SIGTERM);
  CHECK(process.wait() == 143);
  const nlohmann::json workers = report_of(dir)["workers"];

  const Trend rss(samples, &Sample::rss_kib);
  const Trend descriptors(samples, &Sample::descriptors);
  const Trend mapped(samples, &Sample::mappings);
  const Trend shared(samples, &Sample::shared);
  const Trend bytes(samples, &Sample::world_bytes);
  const auto row = [](const char* what, double early, double late) {
    return fmt::format("{:<28}{:>14.0f}{:>14.0f}\n", what, early, late);
  };
  MESSAGE("\n"
          << fmt::format("{:<28}{:>14}{:>14}\n",
                         fmt::format("one supervisor for {} s", length / std::chrono::seconds(1)),
                         "2nd quarter", "last quarter")
          << row("memory (RSS), KiB", rss.early, rss.late)
          << row("descriptors", descriptors.early, descriptors.late)
          << row("mappings", mapped.early, mapped.late)
          << row("names in /dev/shm", shared.early, shared.late)
          << row("run directory, bytes/world", bytes.early, bytes.late)
          << row("worlds/s", worlds_per_second(samples, kSamples / 4, kSamples / 2),
                 worlds_per_second(samples, kSamples * 3 / 4, kSamples - 1))
          << fmt::format("{:.0f} worlds, {} workers started, {} of them lost",
                         samples.back().worlds, workers["started"].get<int>(),
                         workers["lost"].get<int>()));
  constexpr double kMostGrowth = 1.25;
  constexpr double kLittleMemory = 4096;  // KiB
  CHECK(rss.late <= rss.early * kMostGrowth + kLittleMemory);
  CHECK(descriptors.late <= descriptors.early + 8);
  CHECK(mapped.late <= mapped.early + 16);
  CHECK(shared.late <= shared.early);
  CHECK(bytes.late <= bytes.early * kMostGrowth);
}

}  // namespace
}  // namespace joust::test
