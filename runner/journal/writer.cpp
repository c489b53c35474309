#include "runner/journal/writer.hpp"

#include <fmt/format.h>
#include <oneapi/tbb/concurrent_queue.h>

#include <chrono>
#include <mutex>
#include <thread>

#include "runner/journal/row_writer.hpp"

namespace joust::journal {
namespace {

// A transaction is ended after this many rows, or this long, or when there is nothing more to
// write. Measured: 1024 rows cost 1.6 us of processor time per row, 256 cost 1.9, 4096 no less.
constexpr std::size_t kRowsPerCommit = 1024;
constexpr std::chrono::milliseconds kTimePerCommit{5};

// A batch whose memory grew beyond this is not kept for reuse.
constexpr std::size_t kBytesToRecycle = 1 << 20;

}  // namespace

void Batch::add(const ResultRow& row) {
  results_.push_back(
      {row.task, row.attempt, row.played, bytes_.size(), row.encoded.size(), row.slot, row.at});
  bytes_.append(row.encoded);
}

std::size_t Batch::rows() const {
  return results_.size() + failed_.size() + quarantined_.size() + starts_.size() + ends_.size();
}

void Batch::clear() {
  results_.clear();
  bytes_.clear();
  failed_.clear();
  quarantined_.clear();
  starts_.clear();
  ends_.clear();
}

struct Writer::Impl {
  Impl(const std::filesystem::path& run_dir, const WriterOptions& options,
       std::function<void()> callback)
      : rows(std::make_unique<RowWriter>(run_dir, options)), on_change(std::move(callback)) {
    queue.set_capacity(
        static_cast<std::ptrdiff_t>(std::max<std::size_t>(options.queue_capacity, 1)));
    emptied.set_capacity(4);
    try {
      thread = std::thread([this] { run(); });
    } catch (const std::system_error& error) {
      throw JournalError(
          fmt::format("the journal's thread cannot be started: {}", error.code().message()));
    }
  }

  // The thread: takes batches until the empty one, which means the end. It never leaves before
  // that, whatever fails, so that whoever fills the queue never waits for ever.
  void run() {
    Batch batch;
    while (!ended) {
      queue.pop(batch);
      ended = batch.empty();
      if (!ended) unless_failed([&] { transaction(batch); });
    }
    unless_failed([this] {
      if (!ending.empty()) rows->end_session(ending);
    });
    rows.reset();
  }

  // Writes `batch` and whatever else is there.
  void transaction(Batch& batch) {
    const auto deadline = std::chrono::steady_clock::now() + kTimePerCommit;
    WriterStatus done;
    rows->begin();
    do {
      rows->write(batch);
      done.rows_committed += batch.rows();
      done.results_committed += batch.results_.size();
      done.quarantines_committed += batch.quarantined_.size();
      recycle(batch);
      if (done.rows_committed >= kRowsPerCommit) break;
      if (std::chrono::steady_clock::now() >= deadline) break;
      if (!queue.try_pop(batch)) break;
      ended = batch.empty();
    } while (!ended);
    rows->commit();
    publish(done);
  }

  void recycle(Batch& batch) {
    if (batch.bytes_.capacity() > kBytesToRecycle) return;
    batch.clear();
    emptied.try_push(std::move(batch));
  }

  void publish(const WriterStatus& done) {
    {
      const std::lock_guard lock(mutex);
      status.rows_committed += done.rows_committed;
      status.results_committed += done.results_committed;
      status.quarantines_committed += done.quarantines_committed;
    }
    if (on_change) on_change();
  }

  template <class Work>
  void unless_failed(Work work) {
    if (!rows) return;
    try {
      work();
    } catch (const JournalError& error) {
      fail(error);
    } catch (const std::exception& error) {
      fail(JournalError(std::string("the journal cannot be written: ") + error.what()));
    }
  }

  void fail(const JournalError& error) {
    rows.reset();  // rolls back
    {
      const std::lock_guard lock(mutex);
      status.error = error;
    }
    if (on_change) on_change();
  }

  std::unique_ptr<RowWriter> rows;  // the thread's; null after an error
  std::function<void()> on_change;
  // ThreadSanitizer sees what the standard allocator does; TBB's own looks like a race to it
  using Queue = tbb::concurrent_bounded_queue<Batch, std::allocator<Batch>>;
  Queue queue;
  Queue emptied;  // for try_submit to give back their memory
  std::mutex mutex;
  WriterStatus status;
  std::string ending;  // set before the empty batch is queued
  bool ended = false;  // the thread's: it took the empty batch
  std::thread thread;
};

Writer::Writer(const std::filesystem::path& run_dir, const WriterOptions& options,
               std::function<void()> on_change)
    : impl_(std::make_unique<Impl>(run_dir, options, std::move(on_change))) {}

Writer::~Writer() { finish(""); }

bool Writer::try_submit(Batch& batch) {
  if (batch.empty()) return true;
  if (!impl_->queue.try_push(std::move(batch))) return false;
  batch = Batch();
  impl_->emptied.try_pop(batch);
  return true;
}

WriterStatus Writer::status() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->status;
}

void Writer::finish(const std::string& ending) {
  if (!impl_->thread.joinable()) return;
  impl_->ending = ending;
  impl_->queue.push(Batch());
  impl_->thread.join();
}

}  // namespace joust::journal
