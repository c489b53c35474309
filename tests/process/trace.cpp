// A world of a run is played again and tells its course as tables.

#include <doctest/doctest.h>

#include "tests/support/chaos_run.hpp"
#include "tests/support/trading_run.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

TEST_CASE("a world is told as tables, in the same bytes each time, and the run is not touched") {
  const TradingRun run(trading());
  const auto before = files_under(run.dir);
  const fs::path first = run.folder.path() / "new" / "first";
  const fs::path second = run.folder.path() / "second";
  fs::create_directory(second);
  const Finished traced = run.replay("3", first);
  CAPTURE(traced.out);
  CHECK(traced.code == 0);
  CHECK(has(traced.out, "the same result as recorded"));
  CHECK(has(traced.out,
            "tables   contracts.csv, negotiations.csv, stats.csv in " + first.string() + "\n"));
  CHECK(run.replay("3", second).code == 0);
  const auto tables = files_under(first);
  CHECK(tables.size() == 3);
  CHECK(tables == files_under(second));
  const std::string& stats = tables.at("stats.csv");
  CHECK(std::count(stats.begin(), stats.end(), '\n') == 5);  // the header and four days
  CHECK(files_under(run.dir) == before);
}

TEST_CASE("tables go to a new or an empty folder, and only there") {
  const TradingRun run(trading());
  const fs::path folder = run.folder.path() / "full";
  fs::create_directory(folder);
  write_text(folder / "mine", "kept");
  check_one_error(run.replay("0", folder), 2, "'" + folder.string() + "' is not empty");
  CHECK(files_under(folder).size() == 1);
  check_one_error(run.replay("0", folder / "mine"), 2, "mine' is no folder");
  CHECK(read_text(folder / "mine") == "kept");
  check_one_error(run.replay("0", folder / "mine" / "below"), 2, "can not create the folder");
  check_one_error(run.replay("0", ""), 2, "can not create the folder ''");
  for (const char* own : {"blobs", "blobs/new"}) {
    check_one_error(run.replay("0", run.dir / own), 2, "is where a run keeps its own files");
  }
  check_one_error(run.replay("99", run.folder.path() / "t"), 2, "there is no world '99'");
  CHECK_FALSE(fs::exists(run.folder.path() / "t"));
}

TEST_CASE("a disk without room for the tables is a clear error") {
  SpecText spec = trading();
  spec.parameters = "n_steps = 200";
  const TradingRun run(spec);
  const fs::path folder = run.folder.path() / "t";
  JoustOptions options;
  options.most_file_bytes = 200 << 10;  // more than SQLite needs to read
  const Finished full = run.replay("0", folder, options);
  CAPTURE(full.err);
  CHECK(full.code == 5);
  CHECK(has(full.err, "can not write '" + (folder / "contracts.csv").string()));
  CHECK(files_under(folder).empty());
}

TEST_CASE("a world that writes no tables says so, and which do") {
  const ChaosRun run("");
  const fs::path folder = run.folder.path() / "t";
  const Finished none = joust({"replay", run.dir.string(), "1", "--trace", folder.string()});
  check_one_error(none, 2, "the world 'chaos' writes no tables for --trace; these do: scml-");
  CHECK_FALSE(fs::exists(folder));
}

}  // namespace
}  // namespace joust::test
