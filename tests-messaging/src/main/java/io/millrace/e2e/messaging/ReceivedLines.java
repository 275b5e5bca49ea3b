package io.millrace.e2e.messaging;

import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Prints the place and the value of each record.
@ApplicationScoped
final class ReceivedLines {

    @Incoming("received")
    void print(ConsumerRecord<String, String> record) {
        System.out.println(record.partition() + " " + record.offset() + " " + record.value());
    }
}
