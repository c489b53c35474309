#pragma once
// A journal that keeps nothing: for benchmarks and tests of the pool alone.

#include "common/bell.hpp"
#include "runner/os/recorder.hpp"

namespace joust::os {

// Counts the rows and reports them as committed at once. Not safe for use by two threads.
class NullRecorder : public Recorder {
 public:
  // Rings `bell` at each commit, as a journal's writer does; the bell stays the caller's.
  explicit NullRecorder(int bell) : bell_(bell) {}
  bool try_submit(journal::Batch& batch) override {
    status_.rows_committed += batch.rows();
    status_.results_committed += batch.result_rows();
    batch = journal::Batch();
    ring_bell(bell_);
    return true;
  }
  journal::WriterStatus status() const override { return status_; }

 private:
  int bell_;
  journal::WriterStatus status_;
};

}  // namespace joust::os
