// Sarama: produce BOOTSTRAP TOPIC | consume BOOTSTRAP TOPIC GROUP.
package main

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/Shopify/sarama"
)

func main() {
	config := sarama.NewConfig()
	config.Version = sarama.V2_1_0_0
	config.Metadata.Retry.Max = 1000
	config.Metadata.Retry.Backoff = 100 * time.Millisecond
	switch os.Args[1] {
	case "produce":
		produce(config, os.Args[2], os.Args[3])
	case "consume":
		consume(config, os.Args[2], os.Args[3], os.Args[4])
	}
}

func produce(config *sarama.Config, bootstrap, topic string) {
	config.Producer.RequiredAcks = sarama.WaitForAll
	config.Producer.Retry.Max = 1000
	config.Producer.Retry.Backoff = 100 * time.Millisecond
	config.Producer.Return.Successes = true
	// Not idempotent: after a lost connection, this version puts records into other batches than before, which a broker
	// refuses. One request at a time keeps the order.
	config.Net.MaxOpenRequests = 1
	producer, err := sarama.NewAsyncProducer([]string{bootstrap}, config)
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
			producer.Input() <- &sarama.ProducerMessage{Topic: topic, Value: sarama.StringEncoder(lines.Text())}
		}
		producer.AsyncClose()
	}()
	failures := 0
	go func() {
		for range producer.Successes() {
		}
	}()
	for failed := range producer.Errors() {
		failures++
		log.Println(failed)
	}
	if failures > 0 {
		os.Exit(1)
	}
}

type printer struct{}

func (printer) Setup(sarama.ConsumerGroupSession) error   { return nil }
func (printer) Cleanup(sarama.ConsumerGroupSession) error { return nil }

func (printer) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for message := range claim.Messages() {
		fmt.Printf("%d %d %s\n", message.Partition, message.Offset, message.Value)
		session.MarkMessage(message, "")
	}
	return nil
}

func consume(config *sarama.Config, bootstrap, topic, group string) {
	config.Consumer.Offsets.Initial = sarama.OffsetOldest
	// Zero would mean an old version of the request, which Kafka 4 does not know any more.
	config.Consumer.Offsets.Retention = 24 * time.Hour
	config.Consumer.Offsets.CommitInterval = 500 * time.Millisecond
	config.Consumer.Group.Session.Timeout = 10 * time.Second
	config.Consumer.Group.Heartbeat.Interval = time.Second
	consumer, err := sarama.NewConsumerGroup([]string{bootstrap}, group, config)
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	go func() {
		<-signals
		cancel()
	}()
	for ctx.Err() == nil {
		if err := consumer.Consume(ctx, []string{topic}, printer{}); err != nil {
			log.Println(err)
			time.Sleep(100 * time.Millisecond)
		}
	}
	if err := consumer.Close(); err != nil {
		log.Println(err)
	}
}
