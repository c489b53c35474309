// Joining the journals of shards: the time, the memory and the bytes, by the number of results and
// of shards. Results are as large as those of SCML OneShot's smaller games; nothing is played.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "benchmarks/support/folder.hpp"
#include "benchmarks/support/harness.hpp"
#include "benchmarks/support/program.hpp"
#include "common/number_after.hpp"
#include "common/shard.hpp"
#include "common/whole_file.hpp"
#include "runner/journal/merge.hpp"
#include "runner/journal/run_directory.hpp"
#include "runner/journal/writer.hpp"

namespace {

using namespace joust;
namespace fs = std::filesystem;

struct Options {
  std::uint64_t worlds = 0;
  std::uint32_t shards = 1;
  std::size_t bytes = 40;
};

journal::RunIdentity identity(std::uint64_t worlds) {
  journal::RunIdentity identity;
  identity.name = "bench";
  identity.worlds = worlds;
  return identity;
}

void submit(journal::Writer& writer, journal::Batch& batch) {
  while (!writer.try_submit(batch)) std::this_thread::yield();
}

void write_shard(const fs::path& dir, const Shard& shard, const Options& options) {
  constexpr std::size_t kRows = 4096;
  journal::RunDirectory::create(dir, identity(options.worlds));
  journal::Writer writer(dir, {.workers = 1}, {});
  journal::Batch batch;
  const std::string result(options.bytes, 'r');
  for (std::uint64_t position = 0; position < shard.size(options.worlds); ++position) {
    batch.add(journal::ResultRow{.task = shard.task(position),
                                 .attempt = 1,
                                 .played = Duration(1'000'000),
                                 .encoded = result,
                                 .slot = 0,
                                 .at = 1});
    if (batch.rows() >= kRows) submit(writer, batch);
  }
  submit(writer, batch);
  writer.finish("finished");
  if (const auto error = writer.status().error) throw *error;
}

// Of this process, since it was forgotten last: proc(5).
void forget_peak_memory() { std::ofstream("/proc/self/clear_refs") << 5; }
std::uint64_t peak_memory() {
  const std::string status = read_whole_file("/proc/self/status").value_or("");
  return number_after("VmHWM:", status).value_or(0) * 1024;
}

void measure(const Options& options) {
  const bench::Folder folder;
  std::vector<fs::path> dirs;
  std::uint64_t bytes = 0;
  for (std::uint32_t index = 1; index <= options.shards; ++index) {
    dirs.push_back(folder.path() / std::to_string(index));
    write_shard(dirs.back(), {index, options.shards}, options);
    bytes += fs::file_size(dirs.back() / "run.db");
  }
  forget_peak_memory();
  const double processor = bench::processor_seconds();
  const auto begin = std::chrono::steady_clock::now();
  journal::MergeResult merged;
  const fs::path out = folder.path() / "merged";
  journal::RunDirectory::create(out, identity(options.worlds), [&](const fs::path& made) {
    merged = journal::merge_journals(dirs, made, {.worlds = options.worlds});
  });
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  if (merged.worlds != options.worlds) throw std::runtime_error("not all results were merged");
  fmt::print("{}\n", nlohmann::json{{"seconds", seconds.count()},
                                    {"processor_seconds", bench::processor_seconds() - processor},
                                    {"peak_bytes", peak_memory()},
                                    {"shard_bytes", bytes},
                                    {"merged_bytes", fs::file_size(out / "run.db")}}
                         .dump());
}

void declare(CLI::App& app, Options& options) {
  app.add_option("--worlds", options.worlds, "Results, of all shards together")->required();
  app.add_option("--shards", options.shards, "Into how many journals they go");
  app.add_option("--bytes", options.bytes, "Of one result");
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  return bench::run_program(
      argc, argv, "Times the merge of shards' journals",
      [&options](CLI::App& app) { declare(app, options); }, [&options] { measure(options); });
}
