#pragma once
// Where the supervisor's rows go: the journal, or (in benchmarks of the pool alone) nowhere.

#include "runner/journal/writer.hpp"

namespace joust::os {

class Recorder {
 public:
  virtual ~Recorder() = default;
  // As journal::Writer's functions of the same names.
  virtual bool try_submit(journal::Batch& batch) = 0;
  virtual journal::WriterStatus status() const = 0;
};

class JournalRecorder : public Recorder {
 public:
  explicit JournalRecorder(journal::Writer& writer) : writer_(writer) {}
  bool try_submit(journal::Batch& batch) override { return writer_.try_submit(batch); }
  journal::WriterStatus status() const override { return writer_.status(); }

 private:
  journal::Writer& writer_;
};

}  // namespace joust::os
