// The journal's writer between threads: a submitting one, its own, and those that ask for the
// status.

#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "runner/journal/reader.hpp"
#include "tests/support/journal_samples.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace joust;
using namespace joust::journal;
using joust::test::add_result;
using joust::test::ScratchFolder;

namespace {

// Holds the writer's thread in on_change until it is opened.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    reached_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void wait_until_reached() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return reached_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool reached_ = false;
  bool open_ = false;
};

}  // namespace

TEST_CASE(
    "readers of the status see the numbers grow only, while batches of all sizes are written") {
  constexpr TaskIndex kTasks = 20'000;
  ScratchFolder folder;
  const auto dir = folder.path() / "run";
  RunDirectory::create(dir, joust::test::sample_identity());
  std::atomic<std::uint64_t> changes{0};
  std::atomic<bool> done{false};
  Writer writer(dir, {}, [&] { changes.fetch_add(1); });
  std::atomic<int> backwards{0};
  std::vector<std::thread> watchers;
  for (int i = 0; i < 3; ++i) {
    watchers.emplace_back([&] {
      std::uint64_t before = 0;
      while (!done.load()) {
        const WriterStatus status = writer.status();
        if (status.results_committed < before || status.rows_committed < status.results_committed) {
          ++backwards;
        }
        before = status.results_committed;
        std::this_thread::yield();
      }
    });
  }
  Batch batch;
  for (TaskIndex task = 0; task < kTasks; ++task) {
    add_result(batch, task);
    if (batch.rows() > task % 61) joust::test::submit(writer, batch);
  }
  joust::test::submit(writer, batch);
  writer.finish("finished");
  done = true;
  for (std::thread& watcher : watchers) watcher.join();
  CHECK(backwards == 0);
  CHECK(writer.status().results_committed == kTasks);
  CHECK(changes > 0);
  CHECK(Reader(dir).counts().results == kTasks);
}

TEST_CASE("a full queue refuses a batch and leaves it untouched") {
  ScratchFolder folder;
  const auto dir = folder.path() / "run";
  RunDirectory::create(dir, joust::test::sample_identity());
  Gate gate;
  WriterOptions options;
  options.queue_capacity = 4;
  Writer writer(dir, options, [&gate] { gate.pass(); });
  Batch batch;
  TaskIndex task = 0;
  add_result(batch, task++);
  REQUIRE(writer.try_submit(batch));
  gate.wait_until_reached();  // the thread is held; nobody takes from the queue
  for (int i = 0; i < 4; ++i) {
    add_result(batch, task++);
    CHECK(writer.try_submit(batch));
  }
  add_result(batch, task++);
  add_result(batch, task++);
  for (int i = 0; i < 3; ++i) CHECK_FALSE(writer.try_submit(batch));
  CHECK(batch.result_rows() == 2);
  gate.open();
  joust::test::submit(writer, batch);
  writer.finish("finished");
  CHECK(writer.status().results_committed == task);
  TaskIndex next = 0;
  Reader(dir).for_each_result([&](const ResultRow& row) {
    CHECK(row.task == next++);
    CHECK(row.encoded == joust::test::sample_result(row.task));
  });
  CHECK(next == task);
}

TEST_CASE("finishing with a full queue commits all of it") {
  ScratchFolder folder;
  const auto dir = folder.path() / "run";
  RunDirectory::create(dir, joust::test::sample_identity());
  Gate gate;
  WriterOptions options;
  options.queue_capacity = 2;
  Batch batch;
  {
    Writer writer(dir, options, [&gate] { gate.pass(); });
    add_result(batch, 0);
    REQUIRE(writer.try_submit(batch));
    gate.wait_until_reached();
    for (TaskIndex task = 1; task <= 2; ++task) {
      add_result(batch, task);
      REQUIRE(writer.try_submit(batch));
    }
    std::thread opener([&gate] { gate.open(); });
    opener.join();
  }
  CHECK(Reader(dir).counts().results == 3);
}

TEST_CASE("after an error the queue is drained, the error is told, and nobody blocks") {
  ScratchFolder folder;
  const auto dir = folder.path() / "run";
  RunDirectory::create(dir, joust::test::sample_identity());
  std::atomic<int> told{0};
  Writer* self = nullptr;
  WriterOptions options;
  options.queue_capacity = 2;
  Writer writer(dir, options, [&] { told += self->status().error ? 1 : 0; });
  self = &writer;
  Batch batch;
  for (int i = 0; i < 500; ++i) {
    add_result(batch, 7);  // the same task each time
    joust::test::submit(writer, batch);
  }
  writer.finish("finished");
  CHECK(told == 1);
  REQUIRE(writer.status().error.has_value());
  CHECK(Reader(dir).counts().results <= 1);
  CHECK_FALSE(Reader(dir).sessions().back().ended.has_value());
}
