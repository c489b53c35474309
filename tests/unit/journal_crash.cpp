// The journal's writer is killed, its disk is full: everything that it reported as committed is
// there.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "runner/journal/reader.hpp"
#include "tests/support/forked_child.hpp"
#include "tests/support/journal_samples.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace joust;
using namespace joust::journal;
using joust::test::add_result;
using joust::test::ForkedChild;
using joust::test::read_text;
using joust::test::ScratchFolder;

namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// Writes results of growing batches, with some in files, for ever; says the number of committed
// results (8 bytes) after each commit.
void write_until_killed(const std::filesystem::path& dir, const ForkedChild::Say& say) {
  const RunDirectory lock = RunDirectory::open(dir);
  Writer* self = nullptr;
  const auto report = [&] {
    const std::uint64_t committed = self->status().results_committed;
    char bytes[sizeof committed];
    std::memcpy(bytes, &committed, sizeof committed);
    say({bytes, sizeof bytes});
  };
  WriterOptions options;
  options.blob_threshold = 400;
  options.queue_capacity = 2;  // many small commits
  // the first batch is submitted after `self` is set
  Writer writer(lock.path(), options, report);
  self = &writer;
  Batch batch;
  for (TaskIndex task = 0;; ++task) {
    add_result(batch, task, task % 50 == 49 ? 500 : 40);
    if (batch.rows() > task % 7) joust::test::submit(writer, batch);
  }
}

// The results there are: checks that they are tasks 0 to n-1, whole. Returns n.
std::uint64_t contiguous_results(const std::filesystem::path& dir) {
  TaskIndex next = 0;
  std::uint64_t wrong = 0;
  Reader(dir).for_each_result([&](const ResultRow& row) {
    const bool same = row.encoded == joust::test::sample_result(row.task, row.encoded.size());
    if (row.task != next || !same) ++wrong;
    ++next;
  });
  CHECK(wrong == 0);
  return next;
}

std::uint64_t last_report(const std::string& said) {
  std::uint64_t committed = 0;
  if (said.size() >= sizeof committed) {
    const std::size_t whole = said.size() / sizeof committed;
    std::memcpy(&committed, said.data() + (whole - 1) * sizeof committed, sizeof committed);
  }
  return committed;
}

// Writes results until the journal refuses, then says what happened: "full KIND", the committed
// number and the error.
void write_until_full(const std::filesystem::path& dir, const WriterOptions& options,
                      std::size_t size, const ForkedChild::Say& say) {
  const RunDirectory lock = RunDirectory::open(dir);
  Writer writer(dir, options, [] {});
  for (TaskIndex task = 0; task < 100'000 && !writer.status().error; ++task) {
    Batch batch;
    add_result(batch, task, size);
    joust::test::submit(writer, batch);
  }
  // the queue is drained, and nobody blocks, long after the error
  for (TaskIndex task = 200'000; task < 201'000; ++task) {
    Batch batch;
    add_result(batch, task, size);
    joust::test::submit(writer, batch);
  }
  writer.finish("journal error");
  const WriterStatus status = writer.status();
  say(fmt::format("{} {} {}", status.error && status.error->disk_full ? "full" : "other",
                  status.results_committed, status.error ? status.error->what() : "no error"));
}

// "full 123 words" -> 123, checking the rest.
std::uint64_t committed_before_full(const std::string& said, std::string_view file) {
  CAPTURE(said);
  REQUIRE(said.starts_with("full "));
  CHECK(contains(said, file));
  CHECK(contains(said, "room"));
  return std::stoull(said.substr(5));
}

// Whether other users can reach what lies in `dir`.
bool everyone_may_enter(std::filesystem::path dir) {
  for (dir = std::filesystem::absolute(dir); dir != dir.root_path(); dir = dir.parent_path()) {
    const auto permissions = std::filesystem::status(dir).permissions();
    if ((permissions & std::filesystem::perms::others_exec) == std::filesystem::perms::none)
      return false;
  }
  return true;
}

}  // namespace

TEST_CASE(
    "a writer killed with SIGKILL at any moment loses nothing that it reported as committed") {
  ScratchFolder folder;
  for (std::size_t round = 0; round < 40; ++round) {
    const auto dir = folder.path() / fmt::format("{}", round);
    RunDirectory::create(dir, joust::test::sample_identity());
    ForkedChild child([&dir](const ForkedChild::Say& say) { write_until_killed(dir, say); });
    child.wait_until_said(8 * round * 2);
    child.send_signal(SIGKILL);
    const ForkedChild::Ending ending = child.wait();
    CHECK(ending.signal == SIGKILL);
    const std::uint64_t reported = last_report(ending.said);
    CAPTURE(round);
    CHECK(reported >= 2 * round);
    const std::uint64_t found = contiguous_results(dir);
    CHECK(found >= reported);

    // the next session goes on behind them
    const RunDirectory lock = RunDirectory::open(dir);
    Writer writer(dir, {}, [] {});
    Batch batch;
    add_result(batch, found);
    joust::test::submit(writer, batch);
    writer.finish("finished");
    CHECK_FALSE(writer.status().error.has_value());
    CHECK_FALSE(std::filesystem::exists(dir / "run.db-wal"));
    CHECK(contiguous_results(dir) == found + 1);
  }
}

TEST_CASE("a log cut at any place gives a beginning of what was committed, and no error") {
  ScratchFolder folder;
  const auto dir = folder.path() / "run";
  RunDirectory::create(dir, joust::test::sample_identity());
  ForkedChild child([&dir](const ForkedChild::Say& say) {
    Writer writer(dir, {}, [] {});
    for (TaskIndex task = 0; task < 60; ++task) {
      Batch batch;
      add_result(batch, task, 200);
      joust::test::submit(writer, batch);
      while (writer.status().results_committed <= task) std::this_thread::yield();
    }
    say("written");
    ::raise(SIGKILL);
  });
  CHECK(child.wait().said == "written");
  const std::string log = read_text(dir / "run.db-wal");
  REQUIRE(log.size() > 60 * 4096);
  CHECK(contiguous_results(dir) == 60);

  std::uint64_t before = 0;
  for (std::size_t size = 0; size <= log.size(); size += 509) {
    const auto copy = folder.path() / "copy";
    std::filesystem::remove_all(copy);
    std::filesystem::create_directory(copy);
    std::filesystem::copy_file(dir / "run.db", copy / "run.db");
    joust::test::write_text(copy / "run.db-wal", log.substr(0, size));
    CAPTURE(size);
    const std::uint64_t found = contiguous_results(copy);
    CHECK(found >= before);
    before = found;
  }
  CHECK(before >= 59);
}

TEST_CASE("a file that may not grow further ends the writing with a clear error") {
  ScratchFolder folder;
  const auto dir = folder.path() / "run";
  RunDirectory::create(dir, joust::test::sample_identity());
  WriterOptions options;
  std::size_t size = 200;
  std::string file = "run.db";
  SUBCASE("in the database") {}
  SUBCASE("in a result's file") {
    options.blob_threshold = 1000;
    size = 600 << 10;
    file = "blobs";
  }
  ForkedChild child([&](const ForkedChild::Say& say) {
    const rlimit limit{500 << 10, 500 << 10};
    ::signal(SIGXFSZ, SIG_IGN);
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) throw std::runtime_error("cannot set the limit");
    write_until_full(dir, options, size, say);
  });
  const ForkedChild::Ending ending = child.wait();
  CAPTURE(ending.said);
  REQUIRE(ending.exit_code == 0);
  REQUIRE(ending.said.starts_with("full "));
  CHECK(contains(ending.said, file));
  CHECK(contiguous_results(dir) == std::stoull(ending.said.substr(5)));
}

TEST_CASE("a full disk ends the writing with a clear error and loses nothing") {
  ForkedChild child([](const ForkedChild::Say& say) {
    const uid_t user = ::getuid();
    if (::unshare(user == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0) {
      say("skip");
      return;
    }
    ScratchFolder folder;
    if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=1m") != 0) {
      say("skip");
      return;
    }
    const auto dir = folder.path() / "run";
    RunDirectory::create(dir, joust::test::sample_identity());
    write_until_full(dir, {}, 200, say);
    say(fmt::format("\n{}", contiguous_results(dir)));
    ::umount(folder.path().c_str());
  });
  const ForkedChild::Ending ending = child.wait();
  if (ending.said == "skip") {
    MESSAGE("no file system can be mounted here: not tested on a truly full disk");
    return;
  }
  CAPTURE(ending.said);
  REQUIRE(ending.exit_code == 0);
  const std::uint64_t committed = committed_before_full(ending.said, "run.db");
  CHECK(committed > 0);
  CHECK(ending.said.ends_with(fmt::format("\n{}", committed)));
}

TEST_CASE("a user who may only read sees a killed run and a finished one") {
  if (::getuid() != 0) {
    MESSAGE("only root can become another user: not tested");
    return;
  }
  ScratchFolder folder;
  ::chmod(folder.path().c_str(), 0755);
  if (!everyone_may_enter(folder.path().parent_path())) {
    MESSAGE("the folder for temporary files is closed to other users: not tested");
    return;
  }
  const auto dir = folder.path() / "run";
  RunDirectory::create(dir, joust::test::sample_identity());
  bool readable = true;
  SUBCASE("finished") {
    Writer writer(dir, {}, [] {});
    Batch batch;
    add_result(batch, 0);
    joust::test::submit(writer, batch);
    writer.finish("finished");
  }
  SUBCASE("killed") {
    ForkedChild child([&dir](const ForkedChild::Say& say) { write_until_killed(dir, say); });
    child.wait_until_said(8);
    child.send_signal(SIGKILL);
    child.wait();
  }
  SUBCASE("killed, and copied without the log's index") {
    ForkedChild child([&dir](const ForkedChild::Say& say) { write_until_killed(dir, say); });
    child.wait_until_said(8);
    child.send_signal(SIGKILL);
    child.wait();
    std::filesystem::remove(dir / "run.db-shm");
    readable = false;
  }
  ForkedChild reader([&dir](const ForkedChild::Say& say) {
    if (::setgid(65534) != 0 || ::setuid(65534) != 0) throw std::runtime_error("cannot setuid");
    say(fmt::format("{}", contiguous_results(dir)));
  });
  const ForkedChild::Ending ending = reader.wait();
  CAPTURE(ending.said);
  if (readable) {
    CHECK(ending.exit_code == 0);
    CHECK(ending.said == fmt::format("{}", contiguous_results(dir)));
    CHECK(ending.said != "0");
  } else {
    CHECK(ending.exit_code == 1);
    CHECK(contains(ending.said, "copy the whole run directory"));
  }
}
