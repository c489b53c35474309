// Run directories on a file system that behaves like NFS: memory that is shared through files fails
// there. (tests/preload/network_fs.cpp makes it so for joust, not for this test.)

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>

#include "common/unique_fd.hpp"
#include "runner/journal/reader.hpp"
#include "tests/support/network_fs.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"
#include "tests/support/scratch_folder.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

struct Network {
  ScratchFolder folder;
  fs::path shared = folder.path() / "net";
  fs::path scratch = folder.path() / "local";
  fs::path dir = shared / "run";
  JoustOptions options;

  Network() {
    fs::create_directory(shared);
    fs::create_directory(scratch);
    options.environment = network_environment(shared, scratch);
  }

  std::vector<std::string> run_arguments(const SpecText& spec) const {
    return {"run", write_spec(folder.path(), spec).string(), "--out", dir.string(), "--copy-every",
            "1ms"};
  }
  Finished joust_there(const std::vector<std::string>& arguments) const {
    return joust(arguments, options);
  }
  // Files of joust's own in the scratch.
  std::ptrdiff_t left_in_scratch() const {
    return std::distance(fs::directory_iterator(scratch), {});
  }
  std::uint64_t results_in_scratch() const {
    try {
      for (const auto& entry : fs::directory_iterator(scratch)) return results_in(entry.path());
    } catch (const journal::JournalError&) {  // it is only being copied there
    }
    return 0;
  }
  std::vector<std::string> temporaries() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(dir)) {
      const std::string name = entry.path().filename();
      if (name.starts_with(".")) found.push_back(name);
    }
    return found;
  }
};

std::map<std::string, std::string> local_tables(const SpecText& spec) {
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  REQUIRE(
      joust({"run", write_spec(folder.path(), spec).string(), "--out", dir.string(), "-q"}).code ==
      0);
  return tables_of(dir);
}

TEST_CASE("a run on a network file system has its journal in scratch, and takes it back") {
  for (const bool with_locks : {true, false}) {
    CAPTURE(with_locks);
    Network network;
    if (!with_locks) network.options.environment["JOUST_TEST_NO_LOCKS"] = "1";
    const SpecText spec = dilemma(50, 20);
    const Finished played = network.joust_there(network.run_arguments(spec));
    CAPTURE(played.err);
    CHECK(played.code == 0);
    CHECK(has(played.err, "is on a network file system (nfs): until the end its journal is " +
                              network.scratch.string()));
    CHECK(tables_of(network.dir) == local_tables(spec));
    CHECK(network.left_in_scratch() == 0);
    CHECK(network.temporaries().empty());
    CHECK_FALSE(fs::exists(network.dir / "run.db-wal"));
    const Finished report = network.joust_there({"report", network.dir.string()});
    CHECK(report.code == 0);
    CHECK(has(report.out, "600 of 600 done"));
    CHECK(network.joust_there({"resume", network.dir.string()}).code == 0);
    CHECK(network.joust_there({"status", network.dir.string()}).code == 0);
    const Finished again = network.joust_there(network.run_arguments(spec));
    CHECK(again.code == 2);
    CHECK(has(again.err, "exists already"));
  }
}

TEST_CASE("readers see the copies while it is played") {
  const Network network;
  JoustProcess process(network.run_arguments(busy_worlds(3000, "5ms")), network.options);
  REQUIRE(eventually(seconds(20), [&] { return results_in(network.dir) >= 5; }));
  const Finished report = network.joust_there({"report", network.dir.string()});
  CAPTURE(report.err);
  CHECK(report.code == 0);
  CHECK(has(report.out, "PARTIAL: the run goes on"));
  const Finished second = network.joust_there({"resume", network.dir.string()});
  CHECK(second.code == 2);
  CHECK(has(second.err, "another joust (process "));
  process.signal(SIGTERM);
  CHECK(process.wait() == 143);
  CHECK(network.left_in_scratch() == 0);
}

TEST_CASE("after a kill the same machine goes on with what it had, another with the last copy") {
  for (const bool same_machine : {true, false}) {
    CAPTURE(same_machine);
    const Network network;
    const SpecText spec = dilemma(100, 20'000);
    std::vector<std::string> arguments = network.run_arguments(spec);
    if (same_machine) arguments.back() = "1h";  // no copy before the end
    {
      JoustProcess process(arguments, network.options);
      REQUIRE(eventually(seconds(20), [&] {
        if (!same_machine) return results_in(network.dir) >= 10;
        return network.results_in_scratch() >= 10;
      }));
      process.signal(SIGKILL);
      process.wait();
    }
    CHECK(network.left_in_scratch() == 1);
    if (same_machine) {
      CHECK(results_in(network.dir) == 0);
    } else {
      fs::remove_all(network.scratch);
      fs::create_directory(network.scratch);
    }
    const Finished resumed = network.joust_there({"resume", network.dir.string() + "/"});
    CAPTURE(resumed.err);
    CHECK(resumed.code == 0);
    CHECK(has(resumed.err, "had been played here when joust was killed") == same_machine);
    CHECK(tables_of(network.dir) == local_tables(spec));
    CHECK(report_of(network.dir)["failed_attempts"] == 0);
    CHECK(network.left_in_scratch() == 0);
    CHECK(network.temporaries().empty());
  }
}

TEST_CASE("what scratch cannot be is refused before anything is played") {
  const Network network;
  std::vector<std::string> arguments = network.run_arguments(dilemma(5, 20));
  arguments.insert(arguments.end(), {"--scratch", network.shared.string()});
  const Finished shared = network.joust_there(arguments);
  CHECK(shared.code == 2);
  CHECK(has(shared.err, "it is on a network file system (nfs), too"));
  CHECK_FALSE(fs::exists(network.dir));
  arguments.resize(arguments.size() - 2);
  REQUIRE(network.joust_there(arguments).code == 0);
  arguments = {"resume", network.dir.string(), "--scratch", "/nowhere"};
  const Finished nowhere = network.joust_there(arguments);
  CHECK(nowhere.code == 2);
  CHECK(has(nowhere.err, "--scratch /nowhere: it is no folder that can be written"));
  arguments = {"resume", network.dir.string(), "--copy-every", "soon"};
  CHECK(network.joust_there(arguments).code == 2);
  CHECK(network.joust_there({"resume", network.dir.string()}).code == 0);
}

TEST_CASE("a copy that fails at the end is an error, and the journal is kept") {
  const Network network;
  JoustProcess process(network.run_arguments(busy_worlds(400, "5ms")), network.options);
  REQUIRE(eventually(seconds(20), [&] { return results_in(network.dir) >= 5; }));
  // a folder of that name cannot be replaced by a file
  const fs::path away = network.folder.path() / "away.db";
  fs::rename(network.dir / "run.db", away);
  fs::create_directories(network.dir / "run.db" / "occupied");
  process.signal(SIGTERM);
  CHECK(process.wait() == 5);
  const std::string said = process.err();
  CAPTURE(said);
  CHECK(has(said, "the journal failed: " + (network.dir / "run.db").string()));
  CHECK(has(said, "The journal is in " + network.scratch.string()));
  CHECK(network.left_in_scratch() == 1);
  fs::remove_all(network.dir / "run.db");
  fs::rename(away, network.dir / "run.db");
  const Finished resumed = network.joust_there({"resume", network.dir.string()});
  CAPTURE(resumed.err);
  CHECK(resumed.code == 0);
  CHECK(report_of(network.dir)["complete"] == true);
}

TEST_CASE("a run directory that another machine holds is waited for") {
  const Network network;
  const Finished interrupted = [&] {
    JoustProcess process(network.run_arguments(busy_worlds(400, "5ms")), network.options);
    REQUIRE(eventually(seconds(20), [&] { return results_in(network.dir) >= 5; }));
    process.signal(SIGTERM);
    return Finished{process.wait(), process.out(), process.err()};
  }();
  REQUIRE(interrupted.code == 143);
  // a lock of the file, but not of the folder: so another machine's looks
  UniqueFd other(::open((network.dir / "run.lock").c_str(), O_RDWR | O_CLOEXEC));
  REQUIRE(other);
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  REQUIRE(::fcntl(other.get(), F_OFD_SETLK, &lock) == 0);
  CHECK(has(network.joust_there({"report", network.dir.string()}).out, "PARTIAL: the run goes on"));
  JoustProcess resumed({"resume", network.dir.string(), "-q"}, network.options);
  REQUIRE(
      eventually(seconds(20), [&] { return has(resumed.err(), "is locked by another machine"); }));
  CHECK(resumed.runs());
  other.reset();
  CHECK(resumed.wait() == 0);
}

TEST_CASE("shards on a network file system are merged there") {
  const Network network;
  const SpecText spec = dilemma(20, 20);
  const std::string file = write_spec(network.folder.path(), spec).string();
  std::vector<std::string> merge = {"merge", "--out", (network.shared / "merged").string()};
  for (const std::string index : {"1", "2", "3"}) {
    merge.push_back((network.shared / index).string());
    REQUIRE(network.joust_there({"run", file, "--shard", index + "/3", "--out", merge.back(), "-q"})
                .code == 0);
  }
  const Finished merged = network.joust_there(merge);
  CAPTURE(merged.err);
  CHECK(merged.code == 0);
  CHECK(tables_of(network.shared / "merged") == local_tables(spec));
  CHECK(network.left_in_scratch() == 0);
}

TEST_CASE("what a merge that was killed has left in scratch goes with the next one") {
  const Network network;
  const fs::path left = network.scratch / fmt::format("joust-unfinished-{}-0123", ::geteuid());
  const fs::path in_use = network.scratch / fmt::format("joust-unfinished-{}-4567", ::geteuid());
  for (const fs::path& folder : {left, in_use}) {
    fs::create_directory(folder);
    write_text(folder / "run.db", "half a journal");
  }
  const UniqueFd lock(::open(in_use.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  REQUIRE(::flock(lock.get(), LOCK_EX | LOCK_NB) == 0);
  REQUIRE(network.joust_there(network.run_arguments(dilemma(2, 20))).code == 0);
  CHECK_FALSE(fs::exists(left));
  CHECK(fs::exists(in_use / "run.db"));
}

TEST_CASE("a run that was copied to a network file system while its log was needed is refused") {
  const Network network;
  {
    JoustProcess process({"run",
                          write_spec(network.folder.path(), busy_worlds(400, "5ms")).string(),
                          "--out", (network.folder.path() / "run").string()});
    REQUIRE(
        eventually(seconds(20), [&] { return results_in(network.folder.path() / "run") >= 3; }));
    process.signal(SIGKILL);
    process.wait();
  }
  fs::copy(network.folder.path() / "run", network.dir, fs::copy_options::recursive);
  REQUIRE(fs::file_size(network.dir / "run.db-wal") > 0);
  const Finished refused = network.joust_there({"resume", network.dir.string()});
  CHECK(refused.code == 2);
  CHECK(has(refused.err, "copy the whole run directory to a disk of this machine"));
}

}  // namespace
}  // namespace joust::test
